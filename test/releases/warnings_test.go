package releases

import (
	"maps"
	"slices"
	"sync"
)

// warnings collects what the API server warns the lanes of.
type warnings struct {
	mutex sync.Mutex
	texts map[string]bool
}

// HandleWarningHeader implements rest.WarningHandler.
func (w *warnings) HandleWarningHeader(_ int, _, text string) {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	if w.texts == nil {
		w.texts = map[string]bool{}
	}
	w.texts[text] = true
}

func (w *warnings) distinct() []string {
	w.mutex.Lock()
	defer w.mutex.Unlock()
	return slices.Sorted(maps.Keys(w.texts))
}
