package rules

import (
	"context"
	"fmt"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"greenlight.dev/greenlight/api/v1alpha1"
	"greenlight.dev/greenlight/state"
	"greenlight.dev/greenlight/traffic"
)

var volumeBlocksSurge = &Rule{
	ID: "volume-blocks-surge",
	Doc: `# The new pod cannot mount the volume that the old one holds

maxSurge starts a new pod beside the old ones. A ReadWriteOncePod claim is mounted by one pod at a time,
so the scheduler leaves the new one Pending. As long as maxUnavailable keeps the old pod, the rollout
never ends.

A ReadWriteOnce claim is mounted on one node at a time: the new pod starts if it happens to come to the
node of the old one. That is a warning.

A claim that several nodes can mount passes, and so does a volume that each pod has for itself.

## Wrong

    spec:
      replicas: 1
      strategy:
        type: RollingUpdate
      template:
        spec:
          volumes:
            - name: data
              persistentVolumeClaim:
                claimName: a-read-write-once-pod-claim

## Right

    spec:
      replicas: 1
      strategy:
        type: Recreate

## How to fix it

Use Recreate: the volume has to change hands, and for that the old pod has to go. Where the rollout must
not be an outage, mount a ReadWriteMany claim, or keep the data outside of the pods.
`,
	Kinds: deployments,
	Gets:  []schema.GroupVersionKind{state.PersistentVolumeClaim},
	Run:   runVolumeBlocksSurge,
}

func runVolumeBlocksSurge(ctx context.Context, pass *Pass) error {
	deployment := pass.Object.(*appsv1.Deployment)
	rolling, err := rollingUpdate(deployment)
	if err != nil || rolling.Replicas == 0 || rolling.Surge == 0 {
		return err
	}
	return eachClaim(ctx, pass, deployment, func(volume corev1.Volume, modes []corev1.PersistentVolumeAccessMode) {
		switch {
		case slices.Contains(modes, corev1.ReadWriteOncePod):
			pass.Report(onePodFinding(deployment, rolling, volume))
		case isExclusive(modes):
			pass.Report(oneNodeFinding(deployment, rolling, volume))
		}
	})
}

// onePodFinding is a warning only where no pod has to stay available. maxUnavailable above 0 is not enough:
// only one of the pods can mount the claim, so only one is available, and if one has to stay, that is the
// one. scaleDownOldReplicaSetsForRollingUpdate in pkg/controller/deployment/rolling.go of Kubernetes scales
// no old ReplicaSet down while the available pods are no more than the replicas less maxUnavailable.
func onePodFinding(deployment *appsv1.Deployment, rolling traffic.RollingUpdate, volume corev1.Volume) Finding {
	finding := volumeFinding(volume)
	claim := volume.PersistentVolumeClaim.ClaimName
	if rolling.Floor() == 0 {
		finding.AtMost = v1alpha1.Warn
		finding.Message = fmt.Sprintf("%s: a new pod stays Pending until the old one has released PersistentVolumeClaim %s (ReadWriteOncePod).",
			surgeNumbers(deployment, rolling), claim)
		return finding
	}
	finding.Message = fmt.Sprintf("%s: a new pod stays Pending while the old one holds PersistentVolumeClaim %s (ReadWriteOncePod), and the old one is kept until a new one is available: the rollout never ends.",
		surgeNumbers(deployment, rolling), claim)
	return finding
}

func oneNodeFinding(deployment *appsv1.Deployment, rolling traffic.RollingUpdate, volume corev1.Volume) Finding {
	finding := volumeFinding(volume)
	finding.AtMost = v1alpha1.Warn
	finding.Message = fmt.Sprintf("%s: a new pod cannot start on another node while the old one holds PersistentVolumeClaim %s (ReadWriteOnce).",
		surgeNumbers(deployment, rolling), volume.PersistentVolumeClaim.ClaimName)
	return finding
}

func volumeFinding(volume corev1.Volume) Finding {
	return Finding{
		Path: templatePath.Child("volumes").Key(fmt.Sprintf("name=%q", volume.Name)).Child("persistentVolumeClaim", "claimName"),
		Fix:  "Set strategy.type: Recreate, or mount a claim that several nodes can mount.",
	}
}
