package check

import (
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/internal/cluster"
	"greenlight.dev/greenlight/internal/manifest"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// object is an object to judge or to read, and the document that it is written in.
type object struct {
	state.Object
	document manifest.Document
}

// file is what was found in one file.
type file struct {
	name    string
	data    []byte
	objects []object
	// notApplicable counts the objects of a kind that no rule looks at.
	notApplicable int
	errors        []Error
}

// input is what was found in all files, in their order.
type input []*file

// load reads the files, on every core.
func load(sources []source, options Options) input {
	files := make(input, len(sources))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, source := range sources {
		group.Go(func() error {
			files[i] = source.load(options.Namespace)
			return nil
		})
	}
	_ = group.Wait() // What is wrong with a file is kept with it.
	return files
}

func (s source) load(namespace string) *file {
	f := &file{name: s.file}
	data, err := s.read()
	if err != nil {
		f.errors = append(f.errors, unreadable(s.file, err))
		return f
	}
	f.data = data
	documents, err := manifest.Split(s.file, data)
	f.fail(err)
	for _, document := range documents {
		for _, item := range document.Items() {
			f.add(item, namespace)
		}
	}
	return f
}

// add decodes a document if a rule looks at its kind: others may be large, and none of ours to judge.
func (f *file) add(document manifest.Document, namespace string) {
	if !document.IsManifest() {
		return
	}
	if err := document.Identified(); err != nil {
		f.fail(err)
		return
	}
	if !slices.Contains(kinds, document.Kind()) {
		f.notApplicable++
		f.fail(document.Duplicates())
		return
	}
	decoded, err := document.Object()
	if err != nil {
		f.fail(err)
		return
	}
	if decoded.GetNamespace() == "" && !slices.Contains(clusterScoped, document.Kind()) {
		decoded.SetNamespace(namespace)
	}
	f.objects = append(f.objects, object{decoded, document})
}

func (f *file) fail(err error) {
	for _, fault := range manifest.Errors(err) {
		f.errors = append(f.errors, Error{Place{fault.File, fault.Line, fault.Column}, fault.Message})
	}
}

func (i input) objects() []object {
	var objects []object
	for _, file := range i {
		objects = append(objects, file.objects...)
	}
	return objects
}

func (i input) errors() []Error {
	var errors []Error
	for _, file := range i {
		errors = append(errors, file.errors...)
	}
	return errors
}

// kinds are those that a rule judges or reads.
var kinds = func() []schema.GroupVersionKind {
	kinds := cluster.Reads()
	for _, rule := range rules.All {
		kinds = append(kinds, rule.Kinds...)
	}
	return kinds
}()

var clusterScoped = []schema.GroupVersionKind{state.Namespace, state.Node}
