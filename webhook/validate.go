package webhook

import (
	"context"
	"net/http"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/internal/engine"
	"greenlight.dev/greenlight/internal/intents"
	"greenlight.dev/greenlight/rules"
	"greenlight.dev/greenlight/state"
)

// patience is how long a change may wait for the controllers: well below timeoutSeconds of the webhook.
const patience = 3 * time.Second

// validator answers with the verdict of the engine.
type validator struct {
	engine  *engine.Engine
	state   state.Reader
	intents *intents.Book
	metrics *metrics
}

func (v validator) review(ctx context.Context, request *review) (*admissionv1.AdmissionResponse, error) {
	object, old, err := v.change(ctx, request)
	if err != nil {
		return nil, err
	}
	if object == nil {
		return &admissionv1.AdmissionResponse{Allowed: true}, nil
	}
	announcer := v.announcer(request, object, old)
	verdict := v.engine.Judge(ctx, engine.Request{
		Op: rules.Operation(request.operation), Object: object, Old: old, Template: request.template,
		User: request.user, Orphans: request.orphans, Scales: request.scales(), State: v.state, Now: time.Now(),
		Announcer: announcer.orNone(), Patience: request.patience(), Waits: traceWait,
	})
	traceVerdict(ctx, verdict)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := v.faults(ctx, request, verdict); err != nil {
		return nil, err
	}
	announcer.settle(ctx, verdict)
	v.record(ctx, request, verdict)
	return respond(request.subject(object), verdict, announcer.counted())
}

// patience is nothing for a dry run, after which no controller acts.
func (r *review) patience() time.Duration {
	if r.dryRun {
		return 0
	}
	return patience
}

// change returns what is judged, and what it replaces: nothing where what is scaled is gone.
func (v validator) change(ctx context.Context, request *review) (object, old state.Object, err error) {
	if request.scales() {
		return v.scaled(ctx, request)
	}
	if object, err = request.decodeObject(); err != nil {
		return nil, nil, err
	}
	if old, err = request.decodeOld(); err != nil {
		return nil, nil, err
	}
	return object, old, request.completeTemplates(object, old)
}

// faults records the rules that failed. They leave the verdict open, unless another rule denies the
// change for certain.
func (v validator) faults(ctx context.Context, request *review, verdict engine.Verdict) error {
	for _, err := range verdict.Errors {
		v.metrics.fault(ctx, request, err)
	}
	if len(verdict.Errors) == 0 || len(verdict.With(v1alpha1.Deny)) > 0 {
		return nil
	}
	return &refusal{status: http.StatusInternalServerError, text: failed(request)}
}

func (v validator) record(ctx context.Context, request *review, verdict engine.Verdict) {
	v.count(request, verdict)
	logger, decision := log.FromContext(ctx).V(1), "allowed"
	if len(verdict.With(v1alpha1.Deny)) > 0 {
		logger, decision = log.FromContext(ctx), "denied"
	}
	if logger.Enabled() {
		logger.Info(decision, append(request.keysAndValues(), "policy", verdict.Policy, "findings", notes(verdict.Findings))...)
	}
}

// count counts each rule once, however many findings it has.
func (v validator) count(request *review, verdict engine.Verdict) {
	if len(verdict.Findings)+len(verdict.Skipped) == 0 {
		v.metrics.decided(request, "allow", "")
	}
	type decision struct{ mode, rule string }
	counted := map[decision]bool{}
	for _, finding := range verdict.Findings {
		decision := decision{string(finding.Mode), finding.Rule}
		if !counted[decision] {
			v.metrics.decided(request, decision.mode, decision.rule)
		}
		counted[decision] = true
	}
	for _, skip := range verdict.Skipped {
		v.metrics.decided(request, "skip", skip.Rule)
	}
}

func respond(subject string, verdict engine.Verdict, counted []string) (*admissionv1.AdmissionResponse, error) {
	annotations, err := auditAnnotations(verdict)
	response := &admissionv1.AdmissionResponse{
		Allowed:          true,
		Warnings:         warnings(verdict),
		AuditAnnotations: annotations,
	}
	if denials := verdict.With(v1alpha1.Deny); len(denials) > 0 {
		response.Allowed, response.Result = false, forbidden(denial(subject, verdict, counted))
	}
	return response, err
}

// forbidden is the status of a denial: kubectl apply tries again on a 409; a 403 it shows.
func forbidden(message string) *metav1.Status {
	return &metav1.Status{Code: http.StatusForbidden, Reason: metav1.StatusReasonForbidden, Message: message}
}
