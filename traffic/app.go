package traffic

// appLabels say which app a pod belongs to, the recommended one first.
var appLabels = []string{"app.kubernetes.io/name", "app", "k8s-app"}

// App returns the app that pods with these labels belong to: empty if the labels do not say.
func App(labels map[string]string) string {
	for _, key := range appLabels {
		if app := labels[key]; app != "" {
			return app
		}
	}
	return ""
}
