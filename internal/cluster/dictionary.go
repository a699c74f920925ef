package cluster

import (
	"bytes"
	"sync"

	"github.com/klauspost/compress/s2"
)

// sampleSize is how much of a kind is seen before its dictionary is made, in bytes: some fifty objects.
const sampleSize = 32 << 10

// dictionary shrinks the objects of one kind. They share the most of what they say, such as the keys of labels, with
// the first of them: those are kept as they are, and are the dictionary for the rest.
type dictionary struct {
	mu     sync.Mutex
	sample []byte
	made   *s2.Dict
}

// shrink returns what an object is kept as, and what it takes to restore it: nil where it is kept as it is.
func (d *dictionary) shrink(raw []byte) (kept []byte, restorer *s2.Dict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made != nil {
		return bytes.Clone(d.made.Encode(nil, raw)), d.made
	}
	d.sample = append(d.sample, raw...)
	if len(d.sample) >= sampleSize {
		d.made, d.sample = s2.MakeDict(d.sample, nil), nil
	}
	return raw, nil
}
