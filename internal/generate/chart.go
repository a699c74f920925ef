package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// ownNamespace is where config/ installs Greenlight. The chart is installed wherever its user says.
const ownNamespace = "greenlight-system"

// chartValue is a line of a Deployment that a value of the chart replaces.
type chartValue struct{ deployment, line, value string }

var chartValues = []chartValue{
	{webhookName, "image: registry.example/greenlight:devel", "image: {{ .Values.image }}"},
	{webhookName, "replicas: 3", "replicas: {{ .Values.replicas }}"},
	{webhookName, "cpu: 100m", "cpu: {{ .Values.cpu.request }}"},
	{webhookName, "memory: 192Mi", "memory: {{ .Values.memory.request }}"},
	{webhookName, "memory: 256Mi", "memory: {{ .Values.memory.limit }}"},
	{scannerName, "image: registry.example/greenlight:devel", "image: {{ .Values.image }}"},
	{scannerName, "--reports=openreports", "--reports={{ .Values.scanner.reports }}"},
	{scannerName, "cpu: 50m", "cpu: {{ .Values.scanner.cpu.request }}"},
	{scannerName, "memory: 160Mi", "memory: {{ .Values.scanner.memory.request }}"},
	{scannerName, "memory: 208Mi", "memory: {{ .Values.scanner.memory.limit }}"},
}

// writeChart writes the templates of the chart from what config/default installs.
func writeChart(config, templates string) error {
	files, err := chartTemplates(config)
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(templates), os.MkdirAll(templates, 0o755)); err != nil {
		return err
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(templates, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// chartTemplates returns one template an object, by the name of its file. The namespace is Helm's to create.
func chartTemplates(config string) (map[string]string, error) {
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
// tells of its namespace in descriptions only.
func chartTemplate(kind, name, text string, found map[chartValue]int) string {
	if kind == "CustomResourceDefinition" {
		return text
	}
	text = strings.ReplaceAll(text, ownNamespace, "{{ .Release.Namespace }}")
	if kind != "Deployment" {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		for _, value := range chartValues {
			if value.deployment == name && strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "- ")) == value.line {
				lines[i] = strings.Replace(line, value.line, value.value, 1)
				found[value]++
			}
		}
	}
	return strings.Join(lines, "\n")
}

// checkFound keeps a value of the chart from changing nothing, or more than it says.
func checkFound(config string, found map[chartValue]int) error {
	var errs []error
	for _, value := range chartValues {
		if found[value] != 1 {
			errs = append(errs, fmt.Errorf("%s has %d lines %q in Deployment %s: the chart has a value for one", config, found[value], value.line, value.deployment))
		}
	}
	return errors.Join(errs...)
}
