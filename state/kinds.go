package state

import (
	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	discoveryv1 "k8s.io/api/discovery/v1"
	policyv1 "k8s.io/api/policy/v1"
)

// The kinds that are judged or read.
var (
	Deployment              = appsv1.SchemeGroupVersion.WithKind("Deployment")
	ReplicaSet              = appsv1.SchemeGroupVersion.WithKind("ReplicaSet")
	StatefulSet             = appsv1.SchemeGroupVersion.WithKind("StatefulSet")
	Service                 = corev1.SchemeGroupVersion.WithKind("Service")
	Pod                     = corev1.SchemeGroupVersion.WithKind("Pod")
	PersistentVolumeClaim   = corev1.SchemeGroupVersion.WithKind("PersistentVolumeClaim")
	Namespace               = corev1.SchemeGroupVersion.WithKind("Namespace")
	Node                    = corev1.SchemeGroupVersion.WithKind("Node")
	ResourceQuota           = corev1.SchemeGroupVersion.WithKind("ResourceQuota")
	PodDisruptionBudget     = policyv1.SchemeGroupVersion.WithKind("PodDisruptionBudget")
	EndpointSlice           = discoveryv1.SchemeGroupVersion.WithKind("EndpointSlice")
	HorizontalPodAutoscaler = autoscalingv2.SchemeGroupVersion.WithKind("HorizontalPodAutoscaler")
)
