package cluster

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// SystemNamespaces are those that Greenlight never judges, beside its own: what keeps the cluster alive
// must not wait for it.
var SystemNamespaces = []string{metav1.NamespaceSystem, corev1.NamespaceNodeLease}
