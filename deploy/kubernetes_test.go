package deploy

import (
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"
)

// manifest decodes kubernetes.yaml into Kubernetes' own types. A field that they do not have is an error.
func manifest(t *testing.T) (claim core.PersistentVolumeClaim, job batch.CronJob) {
	t.Helper()
	documents := strings.Split(read(t, "kubernetes.yaml"), "\n---\n")
	if len(documents) != 2 {
		t.Fatalf("kubernetes.yaml has %d documents", len(documents))
	}
	if err := yaml.UnmarshalStrict([]byte(documents[0]), &claim); err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalStrict([]byte(documents[1]), &job); err != nil {
		t.Fatal(err)
	}
	return claim, job
}

func TestKubernetesUnderstandsTheManifest(t *testing.T) {
	claim, job := manifest(t)
	if claim.APIVersion+" "+claim.Kind != "v1 PersistentVolumeClaim" || job.APIVersion+" "+job.Kind != "batch/v1 CronJob" {
		t.Errorf("the kinds are %s %s and %s %s", claim.APIVersion, claim.Kind, job.APIVersion, job.Kind)
	}
	for _, name := range []string{claim.Name, job.Name} {
		if faults := validation.IsDNS1123Label(name); len(faults) > 0 {
			t.Errorf("%s: %v", name, faults)
		}
	}
	var wrong batch.CronJob
	text := strings.Replace(read(t, "kubernetes.yaml"), "concurrencyPolicy", "concurencyPolicy", 1)
	if yaml.UnmarshalStrict([]byte(strings.Split(text, "\n---\n")[1]), &wrong) == nil {
		t.Error("a field that does not exist is taken for one that does")
	}
}

// Kubernetes' published schema also knows which fields must not be missing.
func TestManifestHasTheSchemaOfKubernetes(t *testing.T) {
	validate := tool(t, "kubernetes-validate")
	wantExit(t, 0, exec.Command(validate, "--strict", "kubernetes.yaml"))
	wrong := filepath.Join(t.TempDir(), "kubernetes.yaml")
	write(t, wrong, strings.Replace(read(t, "kubernetes.yaml"), "  schedule: \"10 4 * * *\"\n", "", 1), 0o644)
	if out := wantExit(t, 1, exec.Command(validate, "--strict", wrong)); !strings.Contains(
		out,
		"'schedule' is a required property",
	) {
		t.Errorf("without a schedule it says %s", out)
	}
}

// One run a night; a second one waits its turn, a missed one is made up for, and within a day all is over.
func TestCronJobNights(t *testing.T) {
	_, job := manifest(t)
	schedule, err := cron.ParseStandard(job.Spec.Schedule)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	night := schedule.Next(noon)
	if want := time.Date(2026, 11, 24, 4, 10, 0, 0, time.UTC); !night.Equal(want) ||
		!schedule.Next(night).Equal(want.AddDate(0, 0, 1)) {
		t.Errorf("%s is %s, then %s", job.Spec.Schedule, night, schedule.Next(night))
	}
	if _, err := time.LoadLocation(*job.Spec.TimeZone); err != nil {
		t.Error(err)
	}
	if job.Spec.ConcurrencyPolicy != batch.ForbidConcurrent {
		t.Errorf("concurrencyPolicy is %s", job.Spec.ConcurrencyPolicy)
	}
	if late := *job.Spec.StartingDeadlineSeconds; late < 6*3600 || late >= 24*3600 {
		t.Errorf("a missed night is made up for within %d seconds", late)
	}
	if *job.Spec.JobTemplate.Spec.ActiveDeadlineSeconds >= 24*3600 {
		t.Error("a run may take until the next one")
	}
}

// 1 and 2 end the job, 3 is left to backoffLimit.
func TestCronJobRetriesByExitCode(t *testing.T) {
	_, job := manifest(t)
	spec := job.Spec.JobTemplate.Spec
	if spec.Template.Spec.RestartPolicy != core.RestartPolicyNever {
		t.Error("podFailurePolicy needs restartPolicy Never")
	}
	if *spec.BackoffLimit != 2 {
		t.Errorf("backoffLimit is %d", *spec.BackoffLimit)
	}
	rule := spec.PodFailurePolicy.Rules[0]
	container := spec.Template.Spec.Containers[0].Name
	if rule.Action != batch.PodFailurePolicyActionFailJob || *rule.OnExitCodes.ContainerName != container ||
		rule.OnExitCodes.Operator != batch.PodFailurePolicyOnExitCodesOpIn ||
		!slices.Equal(rule.OnExitCodes.Values, []int32{1, 2}) {
		t.Errorf("the first rule is %+v", rule)
	}
}

// The pod can write to its data volume and to nothing else, and is nobody in particular.
func TestCronJobIsConfined(t *testing.T) {
	_, job := manifest(t)
	pod := job.Spec.JobTemplate.Spec.Template.Spec
	container := pod.Containers[0]
	security := container.SecurityContext
	if !*pod.SecurityContext.RunAsNonRoot || *pod.SecurityContext.RunAsUser == 0 || !*security.ReadOnlyRootFilesystem ||
		*security.AllowPrivilegeEscalation || !slices.Equal(security.Capabilities.Drop, []core.Capability{"ALL"}) ||
		pod.SecurityContext.SeccompProfile.Type != core.SeccompProfileTypeRuntimeDefault ||
		*pod.AutomountServiceAccountToken {
		t.Error("the pod may do more than it needs")
	}
	for _, mount := range container.VolumeMounts {
		if mount.ReadOnly == (mount.Name == "data") {
			t.Errorf("volume %s: readOnly is %t", mount.Name, mount.ReadOnly)
		}
	}
	if container.Resources.Limits.Memory().Value() < 1<<30 {
		t.Errorf("the memory limit is %s", container.Resources.Limits.Memory())
	}
}

// What the manifest names is there: every mount has its volume, the claim is the one above, the
// configuration and the data are where volumes are mounted.
func TestCronJobFitsTogether(t *testing.T) {
	claim, job := manifest(t)
	pod := job.Spec.JobTemplate.Spec.Template.Spec
	container := pod.Containers[0]
	volumes := map[string]core.Volume{}
	for _, volume := range pod.Volumes {
		volumes[volume.Name] = volume
	}
	mounted := map[string]string{}
	for _, mount := range container.VolumeMounts {
		if _, ok := volumes[mount.Name]; !ok {
			t.Errorf("there is no volume %s", mount.Name)
		}
		mounted[mount.Name] = mount.MountPath
	}
	if got := volumes["data"].PersistentVolumeClaim.ClaimName; got != claim.Name {
		t.Errorf("the data is on %s, the claim is %s", got, claim.Name)
	}
	if got := flag(t, container.Args, "--config"); path.Dir(got) != mounted["config"] {
		t.Errorf("the configuration is %s, mounted is %s", got, mounted["config"])
	}
	// Not the volume itself: it belongs to root and its mode is the cluster's.
	if got := flag(t, container.Args, "--data"); path.Dir(got) != mounted["data"] {
		t.Errorf("the data is in %s, mounted is %s", got, mounted["data"])
	}
	if secret := "{file: " + mounted["secret"] + "/client_secret}"; !strings.Contains(read(t, "kubernetes.yaml"), secret) {
		t.Errorf("the way to the secret is not %s", secret)
	}
}

// flag is the value that args give a flag.
func flag(t *testing.T, args []string, name string) string {
	t.Helper()
	at := slices.Index(args, name)
	if at < 0 || at+1 == len(args) {
		t.Fatalf("%v has no %s", args, name)
	}
	return args[at+1]
}
