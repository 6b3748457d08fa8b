package examples

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

// workflow is as much of a GitHub workflow as the examples use.
type workflow struct {
	Name        string         `yaml:"name"`
	On          any            `yaml:"on"`
	Permissions any            `yaml:"permissions"`
	Concurrency string         `yaml:"concurrency"`
	Defaults    any            `yaml:"defaults"`
	Jobs        map[string]job `yaml:"jobs"`
}

type job struct {
	RunsOn      string            `yaml:"runs-on"`
	If          string            `yaml:"if"`
	Needs       string            `yaml:"needs"`
	Environment string            `yaml:"environment"`
	Services    map[string]any    `yaml:"services"`
	Env         map[string]string `yaml:"env"`
	Outputs     map[string]string `yaml:"outputs"`
	Steps       []step            `yaml:"steps"`
}

type step struct {
	Name  string            `yaml:"name"`
	ID    string            `yaml:"id"`
	If    string            `yaml:"if"`
	Uses  string            `yaml:"uses"`
	With  map[string]string `yaml:"with"`
	Env   map[string]string `yaml:"env"`
	Shell string            `yaml:"shell"`
	Run   string            `yaml:"run"`
}

type action struct {
	Name        string `yaml:"name"`
	Description string `yaml:"description"`
	Branding    any    `yaml:"branding"`
	Inputs      map[string]struct {
		Description string `yaml:"description"`
		Required    bool   `yaml:"required"`
		Default     string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Description string `yaml:"description"`
		Value       string `yaml:"value"`
	} `yaml:"outputs"`
	Runs struct {
		Using string `yaml:"using"`
		Steps []step `yaml:"steps"`
	} `yaml:"runs"`
}

const ownAction = "trueup-sql/trueup/.github/actions/trueup@"

func read[T any](t *testing.T, name string) T {
	t.Helper()
	var v T
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.UnmarshalWithOptions(b, &v, yaml.Strict()); err != nil {
		t.Fatalf("%s: %s", name, yaml.FormatError(err, false, false))
	}
	return v
}

// runner runs jobs of workflows as GitHub would: its variables, files and
// expressions, in a working folder of the test's own. Actions of others are
// passed over.
type runner struct {
	t      *testing.T
	dir    string            // the checked out repository
	values map[string]string // what ${{ .. }} stands for
	env    []string
	action action
	log    strings.Builder
}

func newRunner(t *testing.T, dir string, values map[string]string) *runner {
	t.Helper()
	r := &runner{t: t, dir: dir, values: values, action: read[action](t, "../.github/actions/trueup/action.yml")}
	temp := t.TempDir()
	for _, f := range []string{"GITHUB_STEP_SUMMARY", "GITHUB_PATH"} {
		r.env = append(r.env, f+"="+filepath.Join(temp, f))
	}
	r.env = append(r.env, "RUNNER_TEMP="+temp, "PATH="+bin(t)+":"+os.Getenv("PATH"), "GH_LOG="+filepath.Join(temp, "gh.log"))
	return r
}

var expression = regexp.MustCompile(`\$\{\{\s*(.+?)\s*\}\}`)

// expand puts in the values of expressions; an unknown one is an error.
func (r *runner) expand(s string) string {
	return expression.ReplaceAllStringFunc(s, func(e string) string {
		name := expression.FindStringSubmatch(e)[1]
		v, ok := r.values[name]
		if !ok {
			r.t.Fatalf("nothing is known of %s", e)
		}
		return v
	})
}

var comparison = regexp.MustCompile(`^(\S+) == '(.*)'$`)

// holds evaluates a condition: one that compares, or always().
func (r *runner) holds(condition string) bool {
	if condition == "" || condition == "always()" {
		return true
	}
	m := comparison.FindStringSubmatch(condition)
	if m == nil {
		r.t.Fatalf("cannot evaluate %s", condition)
	}
	return r.values[m[1]] == m[2]
}

// job runs one job, and returns the exit code of the step that failed, or 0.
func (r *runner) job(j job) int {
	r.t.Helper()
	for _, s := range j.Steps {
		if !r.holds(s.If) {
			continue
		}
		code := 0
		switch {
		case s.Run != "":
			code = r.run(s, j.Env)
		case strings.HasPrefix(s.Uses, ownAction):
			code = r.use(s, j.Env)
		}
		if code != 0 {
			return code
		}
	}
	return 0
}

// use runs the project's own action.
func (r *runner) use(s step, env map[string]string) int {
	for name, in := range r.action.Inputs {
		r.values["inputs."+name] = in.Default
	}
	for name, v := range s.With {
		if _, ok := r.action.Inputs[name]; !ok {
			r.t.Errorf("the action has no input %s", name)
		}
		r.values["inputs."+name] = r.expand(v)
	}
	for _, inner := range r.action.Runs.Steps {
		if code := r.run(inner, env); code != 0 {
			return code
		}
	}
	for name, out := range r.action.Outputs {
		r.values["steps."+s.ID+".outputs."+name] = r.expand(out.Value)
	}
	return 0
}

// run runs the script of a step.
func (r *runner) run(s step, env map[string]string) int {
	r.t.Helper()
	output := filepath.Join(r.t.TempDir(), "output")
	cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
	cmd.Dir = r.dir
	cmd.Env = append(os.Environ(), r.env...)
	cmd.Env = append(cmd.Env, "GITHUB_OUTPUT="+output)
	for _, list := range []map[string]string{env, s.Env} {
		for k, v := range list {
			cmd.Env = append(cmd.Env, k+"="+r.expand(v))
		}
	}
	b, err := cmd.CombinedOutput()
	fmt.Fprintf(&r.log, "--- %s%s\n%s", s.Name, s.ID, b)
	if err != nil && cmd.ProcessState == nil {
		r.t.Fatal(err)
	}
	said, _ := os.ReadFile(output) //nolint:errcheck // no output, no file
	for line := range strings.Lines(string(said)) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			r.values["steps."+s.ID+".outputs."+k] = v
		}
	}
	return cmd.ProcessState.ExitCode()
}
