// Package auditlog reads the audit log of an API server.
package auditlog

import (
	"bufio"
	"encoding/json"
	"os"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// longest is the most that one event takes, in bytes.
const longest = 1 << 20

// Read returns the events of a log in the order in which they were written. A last one that is half written is left
// to the next read.
func Read(log string) ([]auditv1.Event, error) {
	file, err := os.Open(log)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var events []auditv1.Event
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, longest)
	for lines.Scan() {
		var event auditv1.Event
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			break
		}
		events = append(events, event)
	}
	return events, lines.Err()
}
