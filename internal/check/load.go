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
	// op is what happens to the object, and old what it replaces: nil unless op is rules.Update.
	op  rules.Operation
	old state.Object
}

// file is what was found in one file, or rendered from one folder.
type file struct {
	source  source
	sources map[string][]byte
	objects []object
	// notApplicable counts the objects of a kind that no rule looks at.
	notApplicable int
	errors        []Error
}

// input is what was found in all sources, in their order.
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
	documents, sources, err := s.read()
	f := &file{source: s, sources: sources}
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
	document.Forget()
	if decoded.GetNamespace() == "" && !slices.Contains(clusterScoped, document.Kind()) {
		decoded.SetNamespace(namespace)
	}
	f.objects = append(f.objects, object{Object: decoded, document: document, op: rules.Rest})
}

func (f *file) fail(err error) {
	faults := manifest.Errors(err)
	if err != nil && len(faults) == 0 {
		f.errors = append(f.errors, unreadable(f.source.name, err))
	}
	for _, fault := range faults {
		f.errors = append(f.errors, Error{Place{fault.File, fault.Line, fault.Column}, fault.Message})
	}
}

// worlds returns the objects that are judged together: those of the plain files, and those of each rendering.
func (i input) worlds() [][]object {
	var plain []object
	var worlds [][]object
	for _, file := range i {
		if file.source.renders {
			worlds = append(worlds, file.objects)
		} else {
			plain = append(plain, file.objects...)
		}
	}
	if len(plain) > 0 {
		worlds = append(worlds, plain)
	}
	return worlds
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
	kinds := append(cluster.Reads(), manifest.Autoscaler1)
	for _, rule := range rules.All {
		kinds = append(kinds, rule.Kinds...)
	}
	return kinds
}()

var clusterScoped = []schema.GroupVersionKind{state.Namespace, state.Node}
