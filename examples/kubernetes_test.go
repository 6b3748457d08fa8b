package examples

import (
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/trueup-sql/trueup/dialects/dialecttest"
)

func sub[T any](t *testing.T, v any) T {
	t.Helper()
	var out T
	b, err := yaml.Marshal(v)
	if err == nil {
		err = yaml.UnmarshalWithOptions(b, &out, yaml.Strict())
	}
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// The fields of manifests that the examples use; any other is an error.
type (
	meta struct {
		Name, Namespace string
		Annotations     map[string]string
	}
	manifest struct {
		APIVersion string `yaml:"apiVersion"`
		Kind       string
		Metadata   meta
		Spec       map[string]any
		Data       map[string]string
	}
	jobSpec struct {
		BackoffLimit          *int `yaml:"backoffLimit"`
		ActiveDeadlineSeconds int  `yaml:"activeDeadlineSeconds"`
		Template              struct{ Spec podSpec }
	}
	cronJobSpec struct {
		Schedule          string
		ConcurrencyPolicy string                 `yaml:"concurrencyPolicy"`
		Successful        int                    `yaml:"successfulJobsHistoryLimit"`
		Failed            int                    `yaml:"failedJobsHistoryLimit"`
		JobTemplate       struct{ Spec jobSpec } `yaml:"jobTemplate"`
	}
	podSpec struct {
		RestartPolicy   string         `yaml:"restartPolicy"`
		SecurityContext map[string]any `yaml:"securityContext"`
		Containers      []struct {
			Name, Image  string
			Args         []string
			Env          []map[string]any
			VolumeMounts []struct {
				Name      string
				MountPath string `yaml:"mountPath"`
				ReadOnly  bool   `yaml:"readOnly"`
			} `yaml:"volumeMounts"`
			Resources       map[string]any
			SecurityContext map[string]any `yaml:"securityContext"`
		}
		Volumes []struct {
			Name      string
			ConfigMap struct{ Name string } `yaml:"configMap"`
		}
	}
)

func manifests(t *testing.T, name string) (out []manifest) {
	t.Helper()
	d := yaml.NewDecoder(bytes.NewReader([]byte(lines(t, name))), yaml.Strict())
	for {
		var m manifest
		err := d.Decode(&m)
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if m.APIVersion == "" || m.Kind == "" || m.Metadata.Name == "" {
			t.Errorf("%s: %s is incomplete", name, m.Kind)
		}
		out = append(out, m)
	}
}

// TestKubernetes: the manifests have what Kubernetes requires, and their
// containers' commands do what they are for.
func TestKubernetes(t *testing.T) {
	for name, want := range map[string]int{"kubernetes/cronjob.yaml": 1, "argocd/presync-job.yaml": 2} {
		list := manifests(t, name)
		if len(list) != want {
			t.Errorf("%s: %d manifests", name, len(list))
		}
		dir := t.TempDir()
		write(t, filepath.Join(dir, "schema.sql"), schemaSQL)
		for _, m := range list {
			switch m.Kind {
			case "ConfigMap":
				if m.APIVersion != "v1" {
					t.Error(m.APIVersion)
				}
				for file, text := range m.Data {
					write(t, filepath.Join(dir, file), text)
				}
			case "Job":
				if m.APIVersion != "batch/v1" {
					t.Error(m.APIVersion)
				}
				pod(t, name, sub[jobSpec](t, m.Spec), dir, dialecttest.Postgres(t, 17), 0, "CREATE TABLE public.account")
			case "CronJob":
				c := sub[cronJobSpec](t, m.Spec)
				if len(strings.Fields(c.Schedule)) != 5 || m.APIVersion != "batch/v1" {
					t.Errorf("%s: schedule %q", name, c.Schedule)
				}
				empty := filepath.Join(t.TempDir(), "app.db")
				write(t, empty, "")
				pod(t, name, c.JobTemplate.Spec, dir, "sqlite:"+empty, 2, "table account is missing")
			default:
				t.Errorf("%s: what is a %s?", name, m.Kind)
			}
		}
	}
}

// pod checks a job's pod, and runs its command on a database.
func pod(t *testing.T, name string, j jobSpec, schema, url string, status int, want string) {
	t.Helper()
	p := j.Template.Spec
	if p.RestartPolicy != "Never" && p.RestartPolicy != "OnFailure" {
		t.Errorf("%s: a job's restartPolicy cannot be %q", name, p.RestartPolicy)
	}
	if len(p.Containers) != 1 {
		t.Fatalf("%s: %d containers", name, len(p.Containers))
	}
	c := p.Containers[0]
	if !regexp.MustCompile(`^[a-z0-9./-]+:[\w.-]+$`).MatchString(c.Image) || c.Name == "" {
		t.Errorf("%s: image %q", name, c.Image)
	}
	args := append([]string{"trueup"}, c.Args...)
	for _, m := range c.VolumeMounts {
		found := false
		for _, v := range p.Volumes {
			found = found || v.Name == m.Name
		}
		if !found {
			t.Errorf("%s: there is no volume %s", name, m.Name)
		}
		for i, a := range args {
			if a == m.MountPath {
				args[i] = schema
			}
		}
	}
	out, code := sh(t, schema, []string{"DATABASE_URL=" + url}, args...)
	if code != status || !strings.Contains(out, want) {
		t.Errorf("%s: %s: %d\n%s", name, strings.Join(args, " "), code, out)
	}
}

// TestFlux: the application waits for the schema.
func TestFlux(t *testing.T) {
	list := manifests(t, "flux/schema.yaml")
	names := map[string]bool{}
	for _, m := range list {
		if m.Kind != "Kustomization" || m.APIVersion != "kustomize.toolkit.fluxcd.io/v1" {
			t.Errorf("%s %s", m.APIVersion, m.Kind)
		}
		for _, field := range []string{"interval", "path", "prune", "sourceRef"} { // required ones
			if m.Spec[field] == nil {
				t.Errorf("%s has no %s", m.Metadata.Name, field)
			}
		}
		names[m.Metadata.Name] = true
		for _, d := range sub[[]struct{ Name string }](t, m.Spec["dependsOn"]) {
			if !names[d.Name] {
				t.Errorf("there is no %s", d.Name)
			}
		}
	}
	if len(list) != 2 {
		t.Errorf("%d manifests", len(list))
	}
}
