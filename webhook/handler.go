package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/otel/trace"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/internal/tracing"
)

// reviewer answers a review whose kind and operation it knows.
type reviewer interface {
	review(ctx context.Context, request *review) (*admissionv1.AdmissionResponse, error)
}

// handler is the HTTP part of a webhook. controller-runtime's own answers 200 when something goes
// wrong, which the API server takes for a denial, whatever the failurePolicy says.
type handler struct {
	name  string
	kinds []schema.GroupVersionKind
	// removals says that deletions are reviewed too, and the scale subresource.
	removals bool
	reviewer reviewer
	memory   memory
	metrics  *metrics
	tracing  trace.TracerProvider
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r, span := tracing.Serve(h.tracing, h.name, r)
	defer span.End()
	var request review
	answer, err := h.answer(w, r, &request)
	if err != nil {
		refused := h.failure(r.Context(), &request, err)
		traceRefusal(span, refused.status)
		h.send(w, r, &request, refused)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(answer); err != nil {
		log.FromContext(r.Context()).V(1).Info("the answer did not reach the API server", "uid", request.uid, "error", err.Error())
	}
}

func (h *handler) send(w http.ResponseWriter, r *http.Request, request *review, refused *refusal) {
	var err error
	if request.arrived {
		err = refused.write(w)
	} else {
		err = refused.writeEarly(w, r)
	}
	if err != nil {
		log.FromContext(r.Context()).V(1).Info("the refusal may not have reached the API server", "webhook", h.name, "error", err.Error())
	}
}

// answer fills in request as far as it gets, for the sake of the error's text.
func (h *handler) answer(w http.ResponseWriter, r *http.Request, request *review) (answer []byte, err error) {
	start := time.Now()
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicked{cause: cause, stack: debug.Stack()}
		}
	}()
	body, release, err := h.memory.read(w, r)
	if err != nil {
		return nil, err
	}
	defer release()
	request.arrived = true
	if err := request.decode(body); err != nil {
		return nil, err
	}
	if err := h.check(request); err != nil {
		return nil, err
	}
	request.trace(r.Context(), h.name)
	defer h.metrics.took(h.name, request, start)
	return h.respond(r.Context(), request)
}

func (h *handler) respond(ctx context.Context, request *review) ([]byte, error) {
	response := &admissionv1.AdmissionResponse{Allowed: true}
	if request.writes() || h.removals && request.operation == admissionv1.Delete {
		var err error
		if response, err = h.reviewer.review(ctx, request); err != nil {
			return nil, err
		}
	}
	traceAnswer(ctx, response)
	response.UID = types.UID(request.uid)
	return json.Marshal(admissionv1.AdmissionReview{TypeMeta: reviewType, Response: response})
}

var reviewType = metav1.TypeMeta{APIVersion: admissionv1.SchemeGroupVersion.String(), Kind: "AdmissionReview"}

// check refuses what no rule was written for: to allow it would be to guard it in appearance only.
func (h *handler) check(request *review) error {
	known := slices.Contains(h.kinds, request.subjectKind()) && (request.subResource == "" || h.removals && request.scales())
	if !known {
		return refuse(http.StatusBadRequest, "Greenlight does not %s %s, kind %q (%s): remove it from the webhook configuration",
			h.name, request.kind.GroupVersion(), request.kind.Kind, strings.TrimSuffix(request.resource+"/"+request.subResource, "/"))
	}
	switch request.operation {
	case admissionv1.Connect:
		return nil
	case admissionv1.Delete:
		return request.checkDeleted()
	case admissionv1.Create, admissionv1.Update:
		return request.checkObjects()
	}
	return refuse(http.StatusBadRequest, "the AdmissionReview is of an unknown operation, %q", request.operation)
}

// failure makes of any error the refusal that the client sees; the log has the rest.
func (h *handler) failure(ctx context.Context, request *review, err error) *refusal {
	var refused *refusal
	if errors.As(err, &refused) {
		if refused.status == http.StatusTooManyRequests {
			h.metrics.failed(reasonOverload)
		}
		log.FromContext(ctx).Info("request refused", "webhook", h.name, "uid", request.uid, "status", refused.status, "reason", refused.text)
		return refused
	}
	if ctx.Err() != nil {
		log.FromContext(ctx).V(1).Info("request withdrawn", "webhook", h.name, "uid", request.uid)
		return &refusal{status: http.StatusServiceUnavailable, text: "the request was withdrawn"}
	}
	h.metrics.fault(ctx, request, err)
	return &refusal{status: http.StatusInternalServerError, text: failed(request)}
}
