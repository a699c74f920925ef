// Package reviews captures AdmissionReviews from a real API server, and posts them the way it does.
package reviews
