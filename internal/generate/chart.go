package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pmezard/go-difflib/difflib"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// ownNamespace is where config/ installs Greenlight. The chart is installed wherever its user says.
const ownNamespace = "greenlight-system"

// certificates are where the webhook may have its certificate from: a value of the chart, and what is installed then.
type certificates struct{ value, config string }

var (
	certManager = certificates{"cert-manager", "default"}
	selfSigned  = certificates{"self-signed", filepath.Join("overlays", "self-signed")}
)

// writeChart writes the templates of the chart from what config/ installs. Its notes are written by hand.
func writeChart(config, templates string) error {
	files, err := chartTemplates(config)
	if err != nil {
		return err
	}
	before, err := filepath.Glob(filepath.Join(templates, "*.yaml"))
	if err != nil {
		return err
	}
	for _, file := range before {
		err = errors.Join(err, os.Remove(file))
	}
	for name, text := range files {
		err = errors.Join(err, os.WriteFile(filepath.Join(templates, name), []byte(text), 0o644))
	}
	return err
}

// chartTemplates returns one template an object, by the name of its file.
func chartTemplates(config string) (map[string]string, error) {
	managed, err := templatesOf(filepath.Join(config, certManager.config))
	if err != nil {
		return nil, err
	}
	own, err := templatesOf(filepath.Join(config, selfSigned.config))
	if err != nil {
		return nil, err
	}
	files := map[string]string{}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(managed)), slices.Collect(maps.Keys(own))) {
		files[name] = either(managed[name], own[name])
	}
	return files, nil
}

// either returns a template that depends on where the certificate is from, in the lines in which its two forms differ.
// It is empty where the object is not installed.
func either(managed, own string) string {
	one, other := strings.SplitAfter(managed, "\n"), strings.SplitAfter(own, "\n")
	var text strings.Builder
	for _, part := range difflib.NewMatcher(one, other).GetOpCodes() {
		if part.Tag == 'e' {
			text.WriteString(strings.Join(one[part.I1:part.I2], ""))
			continue
		}
		text.WriteString(when(certManager, one[part.I1:part.I2]))
		text.WriteString(when(selfSigned, other[part.J1:part.J2]))
	}
	return text.String()
}

func when(c certificates, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return fmt.Sprintf("{{- if eq .Values.certificates %q }}\n%s{{- end }}\n", c.value, strings.Join(lines, ""))
}

// templatesOf returns one template an object of a kustomization. The namespace is Helm's to create.
func templatesOf(config string) (map[string]string, error) {
	built, err := build(config)
	if err != nil {
		return nil, err
	}
	found := map[chartValue]int{}
	files := map[string]string{}
	for _, object := range built.Resources() {
		if object.GetKind() == "Namespace" {
			continue
		}
		text, err := object.AsYAML()
		if err != nil {
			return nil, fmt.Errorf("building %s: %w", config, err)
		}
		name := strings.ToLower(object.GetKind()) + "-" + object.GetName() + ".yaml"
		files[name] = generated + chartTemplate(object.GetKind(), object.GetName(), string(text), found)
	}
	return files, checkFound(config, found)
}

// build returns the objects of a kustomization, in the order that it asks for.
func build(folder string) (resmap.ResMap, error) {
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	built, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, fmt.Errorf("building %s: %w", folder, err)
	}
	return built, nil
}

// chartTemplate puts values into the text of an object. The CRD is the same wherever Greenlight is installed, and
// tells of its namespace in descriptions only; with it all policies would go, so Helm leaves it.
func chartTemplate(kind, name, text string, found map[chartValue]int) string {
	if kind == "CustomResourceDefinition" {
		return strings.Replace(text, "  annotations:\n", "  annotations:\n    helm.sh/resource-policy: keep\n", 1)
	}
	text = strings.ReplaceAll(text, ownNamespace, "{{ .Release.Namespace }}")
	return putValues(kind, name, text, found)
}
