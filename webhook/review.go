package webhook

import (
	"errors"
	"io"
	"net/http"

	"github.com/go-json-experiment/json/jsontext"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/rules"
)

// review is what Greenlight reads of an AdmissionReview.
type review struct {
	// arrived says that all of the body was read.
	arrived bool

	apiVersion, reviewKind string

	uid         string
	kind        schema.GroupVersionKind
	resource    string
	subResource string
	namespace   string
	name        string
	operation   admissionv1.Operation
	user        rules.User
	dryRun      bool
	// orphans says that a deletion leaves what the object controls alone.
	orphans bool
	// object and old are the objects as JSON, within the body: nil where there is none.
	object, old []byte
}

// decode fills in the review from the body of a request, as far as it gets.
func (r *review) decode(body []byte) error {
	d := newDecoder(body)
	if err := r.decodeTop(d); err != nil {
		return refuse(http.StatusBadRequest, "the body is not an AdmissionReview: %v", explain(err))
	}
	if got := r.apiVersion; got != admissionv1.SchemeGroupVersion.String() || r.reviewKind != "AdmissionReview" {
		return refuse(http.StatusBadRequest, "the body is of apiVersion %q, kind %q: want apiVersion %q, kind %q",
			got, r.reviewKind, admissionv1.SchemeGroupVersion, "AdmissionReview")
	}
	if r.uid == "" {
		return refuse(http.StatusBadRequest, "the AdmissionReview has no request.uid to answer to")
	}
	return nil
}

func (r *review) decodeTop(d *jsontext.Decoder) error {
	err := members(d, func(name []byte) error {
		switch string(name) {
		case "apiVersion":
			return text(d, &r.apiVersion)
		case "kind":
			return text(d, &r.reviewKind)
		case "request":
			return r.decodeRequest(d)
		}
		return skip(d)
	})
	if err != nil {
		return err
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		return errors.New("something follows it")
	}
	return nil
}

func (r *review) decodeRequest(d *jsontext.Decoder) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "uid":
			return text(d, &r.uid)
		case "kind":
			return r.decodeKind(d)
		case "resource":
			return member(d, "resource", &r.resource)
		case "subResource":
			return text(d, &r.subResource)
		case "namespace":
			return text(d, &r.namespace)
		case "name":
			return text(d, &r.name)
		case "operation":
			return text(d, &r.operation)
		case "userInfo":
			return r.decodeUser(d)
		case "dryRun":
			return into(d, &r.dryRun)
		case "options":
			return r.decodeOptions(d)
		case "object":
			return raw(d, &r.object)
		case "oldObject":
			return raw(d, &r.old)
		}
		return skip(d)
	})
}

func (r *review) decodeKind(d *jsontext.Decoder) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "group":
			return text(d, &r.kind.Group)
		case "version":
			return text(d, &r.kind.Version)
		case "kind":
			return text(d, &r.kind.Kind)
		}
		return skip(d)
	})
}

func (r *review) decodeUser(d *jsontext.Decoder) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "username":
			return text(d, &r.user.Name)
		case "groups":
			return readList(d, &r.user.Groups, text)
		}
		return skip(d)
	})
}

// decodeOptions reads what a deletion does to what the object controls. orphanDependents is its older
// form, which the API server still takes.
func (r *review) decodeOptions(d *jsontext.Decoder) error {
	return members(d, func(name []byte) error {
		switch string(name) {
		case "propagationPolicy":
			var policy metav1.DeletionPropagation
			err := text(d, &policy)
			r.orphans = r.orphans || policy == metav1.DeletePropagationOrphan
			return err
		case "orphanDependents":
			var orphan *bool
			err := into(d, &orphan)
			r.orphans = r.orphans || orphan != nil && *orphan
			return err
		}
		return skip(d)
	})
}

// raw keeps a value as it is written. The decoder reads the body in place, so that the value stays
// valid for as long as the body does.
func raw(d *jsontext.Decoder, value *[]byte) error {
	read, err := d.ReadValue()
	if read.Kind() == jsontext.KindNull {
		read = nil
	}
	*value = read
	return err
}
