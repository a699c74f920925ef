package cluster

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTheStateIsReadAsItWasWritten(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	written := state{Nodes: 3, Processes: []*process{
		{Name: Etcd, Log: "etcd.log", identity: identity{PID: 7, Start: 4711}},
		{Name: APIServer, Log: "kube-apiserver.log", identity: identity{PID: 8, Start: 4712}},
	}}
	if err := written.write(path); err != nil {
		t.Fatal(err)
	}
	read, err := readState(path)
	if err != nil {
		t.Fatal(err)
	}
	if read.Nodes != 3 || !read.same(written) || read.Processes[1].Name != APIServer || read.Processes[0].Log != "etcd.log" {
		t.Errorf("got %+v", read)
	}
}

func TestAMissingStateIsEmpty(t *testing.T) {
	read, err := readState(filepath.Join(t.TempDir(), "state.json"))
	if err != nil || len(read.Processes) != 0 {
		t.Errorf("got %+v, %v", read, err)
	}
}

func TestAnUnreadableStateSaysWhatToDo(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state.json")
	if err := os.WriteFile(path, []byte(`{"nodes":`), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := readState(path)
	want := path + ": unexpected end of JSON input; end the processes it names by hand and remove it"
	if err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestWriteFileLeavesNothingBeside(t *testing.T) {
	dir := t.TempDir()
	for _, content := range []string{"old and long", "new"} {
		if err := writeFile(filepath.Join(dir, "file"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	content, err := os.ReadFile(filepath.Join(dir, "file"))
	if err != nil || string(content) != "new" {
		t.Errorf("content %q, error %v", content, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("entries %v, error %v", entries, err)
	}
}
