package main

import (
	"errors"
	"fmt"
	"strings"
)

const (
	deploymentKind = "Deployment"
	validatingKind = "ValidatingWebhookConfiguration"
)

// chartValue is a line of an object that a value of the chart replaces. Where an object has the line several times, it
// is the last one before the line that next says.
type chartValue struct{ kind, name, line, value, next string }

var chartValues = append(
	append(podValues(webhookName), podValues(scannerName)...),
	chartValue{deploymentKind, webhookName, "replicas: 3", "replicas: {{ .Values.replicas }}", ""},
	chartValue{deploymentKind, webhookName, "cpu: 100m", "cpu: {{ .Values.cpu.request }}", ""},
	chartValue{deploymentKind, webhookName, "memory: 192Mi", "memory: {{ .Values.memory.request }}", ""},
	chartValue{deploymentKind, webhookName, "memory: 256Mi", "memory: {{ .Values.memory.limit }}", ""},
	chartValue{deploymentKind, scannerName, "--reports=openreports", "--reports={{ .Values.scanner.reports }}", ""},
	chartValue{deploymentKind, scannerName, "cpu: 50m", "cpu: {{ .Values.scanner.cpu.request }}", ""},
	chartValue{deploymentKind, scannerName, "memory: 160Mi", "memory: {{ .Values.scanner.memory.request }}", ""},
	chartValue{deploymentKind, scannerName, "memory: 208Mi", "memory: {{ .Values.scanner.memory.limit }}", ""},
	failurePolicy("deployments", failOpen),
	failurePolicy("services", failClosed),
	failurePolicy("drained", failOpen),
)

// podValues are those of the pods of both Deployments.
func podValues(deployment string) []chartValue {
	const image = `image: {{ required "image: name the image that you have pushed, as in --set image=registry.example/team/greenlight:v1.0.0" .Values.image }}`
	account := "serviceAccountName: " + deployment
	return []chartValue{
		{deploymentKind, deployment, "image: registry.example/greenlight:devel", image, ""},
		{deploymentKind, deployment, "env:", "env:" + optional(8, "env"), ""},
		{deploymentKind, deployment, "kubernetes.io/os: linux", "kubernetes.io/os: linux" + optional(8, "nodeSelector"), ""},
		{deploymentKind, deployment, account, account + field(6, "imagePullSecrets") + field(6, "tolerations"), ""},
	}
}

// optional adds what a value has, if anything, to the list or the map that it is written in.
func optional(indent int, value string) string {
	return fmt.Sprintf("\n%s{{- with .Values.%s }}{{ toYaml . | nindent %d }}{{ end }}", strings.Repeat(" ", indent), value, indent)
}

// field adds a field that has the name of its value, if that has anything.
func field(indent int, value string) string {
	return fmt.Sprintf("\n%s{{- with .Values.%s }}{{ dict %q . | toYaml | nindent %d }}{{ end }}", strings.Repeat(" ", indent), value, value, indent)
}

// failurePolicy is that of one of the webhooks that validate.
func failurePolicy(webhook, policy string) chartValue {
	return chartValue{
		validatingKind, "greenlight", "failurePolicy: " + policy,
		fmt.Sprintf("failurePolicy: {{ .Values.failurePolicy.%s }}", webhook), "name: " + webhook + ".validate.greenlight.dev",
	}
}

// putValues replaces the lines of an object for which there are values, and counts them.
func putValues(kind, name, text string, found map[chartValue]int) string {
	lines := strings.Split(text, "\n")
	for _, value := range chartValues {
		if value.kind != kind || value.name != name {
			continue
		}
		for _, i := range value.places(lines) {
			lines[i] = strings.Replace(lines[i], value.line, value.value, 1)
			found[value]++
		}
	}
	return strings.Join(lines, "\n")
}

// places are the indices of the lines that the value replaces.
func (v chartValue) places(lines []string) []int {
	var places []int
	for i, line := range lines {
		written := strings.TrimPrefix(strings.TrimSpace(line), "- ")
		if written == v.line {
			places = append(places, i)
		}
		if v.next != "" && written == v.next {
			return places[max(0, len(places)-1):]
		}
	}
	return places
}

// checkFound keeps a value of the chart from changing nothing, or more than it says.
func checkFound(config string, found map[chartValue]int) error {
	var errs []error
	for _, value := range chartValues {
		if found[value] != 1 {
			errs = append(errs, fmt.Errorf("%s has %d lines %q in %s %s: the chart has a value for one", config, found[value], value.line, value.kind, value.name))
		}
	}
	return errors.Join(errs...)
}
