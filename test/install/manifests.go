package install

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// Render returns the objects of a kustomize folder, in the order in which kubectl takes them.
func Render(folder string) ([]*unstructured.Unstructured, error) {
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified
	rendered, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", folder, err)
	}
	var objects []*unstructured.Unstructured
	for _, resource := range rendered.Resources() {
		data, err := resource.MarshalJSON()
		if err != nil {
			return nil, fmt.Errorf("rendering %s: %w", folder, err)
		}
		object := &unstructured.Unstructured{}
		if err := object.UnmarshalJSON(data); err != nil {
			return nil, fmt.Errorf("rendering %s: %w", folder, err)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// split parts the webhook configurations, which may only be there once the webhook answers, from the
// other objects.
func split(objects []*unstructured.Unstructured) (hooks, others []*unstructured.Unstructured) {
	for _, object := range objects {
		if strings.HasSuffix(object.GetKind(), "WebhookConfiguration") {
			hooks = append(hooks, object)
		} else {
			others = append(others, object)
		}
	}
	return hooks, others
}

// address points the webhook configurations at a port of this machine, where the certificate of the
// process is shown.
func (p process) address(hooks []*unstructured.Unstructured, port int) error {
	return changeEach(hooks, func(webhook map[string]any) error { return p.addressOne(webhook, port) })
}

// bePatient sets the longest timeoutSeconds that the API server takes.
func bePatient(hooks []*unstructured.Unstructured) error {
	return changeEach(hooks, func(webhook map[string]any) error {
		webhook["timeoutSeconds"] = int64(30)
		return nil
	})
}

// changeEach changes each webhook of the webhook configurations.
func changeEach(hooks []*unstructured.Unstructured, change func(webhook map[string]any) error) error {
	for _, hook := range hooks {
		webhooks, _, err := unstructured.NestedSlice(hook.Object, "webhooks")
		if err != nil {
			return err
		}
		for _, webhook := range webhooks {
			if err := change(webhook.(map[string]any)); err != nil {
				return fmt.Errorf("%s %s: %w", hook.GetKind(), hook.GetName(), err)
			}
		}
		if err := unstructured.SetNestedSlice(hook.Object, webhooks, "webhooks"); err != nil {
			return err
		}
	}
	return nil
}

func (p process) addressOne(webhook map[string]any, port int) error {
	written, _, err := unstructured.NestedString(webhook, "clientConfig", "url")
	if err != nil {
		return err
	}
	target, err := url.Parse(written)
	if err != nil {
		return err
	}
	target.Host = local(port)
	return unstructured.SetNestedMap(webhook, map[string]any{"url": target.String(), "caBundle": base64.StdEncoding.EncodeToString(p.authority)}, "clientConfig")
}
