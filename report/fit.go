package report

import (
	"encoding/json"
	"fmt"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
)

const (
	// maxSize keeps a report far below the 1.5 MiB that etcd takes by default.
	maxSize = 256 << 10
	// aroundResults is more than all of a report that is not a result takes: the names in it are bounded.
	aroundResults = 8 << 10
	// maxText is the longest message, in bytes.
	maxText = 4 << 10
	// maxNote is the longest note of an event, in bytes.
	maxNote = 1 << 10

	leftOutProperty = "leftOut"
)

// fit leaves out the last results where a report would be larger than maxSize, and says so in the last that
// is left.
func fit(results []openreports.ReportResult) []openreports.ReportResult {
	room := maxSize - aroundResults
	for i, result := range results {
		written, err := json.Marshal(result)
		if err != nil {
			panic(fmt.Sprintf("a result holds only text: %v", err))
		}
		if room -= len(written); room < 0 {
			results[i-1].Properties[leftOutProperty] = fmt.Sprintf("%d more results, for which there was no room", len(results)-i)
			return results[:i]
		}
	}
	return results
}

// cut shortens a text to some bytes, on the border of a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	end := 0
	for i := range text {
		if i > most-len("…") {
			break
		}
		end = i
	}
	return text[:end] + "…"
}
