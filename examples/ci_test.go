package examples

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trueup-sql/trueup/dialects/dialecttest"
)

var workflows = []string{"pull-request", "deploy", "drift"}

// TestWorkflows reads the workflows and the action as GitHub would.
func TestWorkflows(t *testing.T) {
	check := func(where string, s step) {
		t.Helper()
		switch {
		case (s.Uses == "") == (s.Run == ""):
			t.Errorf("%s: want one of uses and run", where)
		case s.Uses != "" && !strings.Contains(s.Uses, "@"):
			t.Errorf("%s: %s has no version", where, s.Uses)
		case strings.Contains(s.Run, "${{"):
			t.Errorf("%s: an expression in a script is a way in for others: hand it over in env", where)
		case s.Run != "":
			mustSh(t, ".", nil, "bash", "-n", "-c", s.Run)
		}
	}
	for _, name := range workflows {
		w := read[workflow](t, "github-actions/"+name+".yml")
		if w.Name == "" || w.On == nil || len(w.Jobs) == 0 || w.Defaults == nil {
			t.Errorf("%s is incomplete", name)
		}
		for id, j := range w.Jobs {
			if j.RunsOn == "" || len(j.Steps) == 0 {
				t.Errorf("%s: %s is incomplete", name, id)
			}
			if _, ok := w.Jobs[j.Needs]; !ok && j.Needs != "" {
				t.Errorf("%s: %s needs %s", name, id, j.Needs)
			}
			for _, s := range j.Steps {
				check(name+": "+id, s)
			}
		}
	}
	a := read[action](t, "../.github/actions/trueup/action.yml")
	if a.Runs.Using != "composite" || a.Name == "" || a.Description == "" {
		t.Error("the action is incomplete")
	}
	for _, s := range a.Runs.Steps {
		check("action", s)
		if s.Shell != "bash" {
			t.Errorf("action: %s: a composite action has to name the shell", s.Name)
		}
	}
}

// TestPullRequest: applied twice on PostgreSQL, the second time there is nothing
// to do; the plan becomes a comment; lint writes its report.
func TestPullRequest(t *testing.T) {
	w := read[workflow](t, "github-actions/pull-request.yml")
	dir := repository(t)
	r := newRunner(t, dir, map[string]string{})
	idempotent := w.Jobs["idempotent"]
	idempotent.Env = map[string]string{"DATABASE_URL": dialecttest.Postgres(t, 16)}
	if code := r.job(idempotent); code != 0 {
		t.Fatalf("%d\n%s", code, r.log.String())
	}
	if !strings.Contains(r.log.String(), "CREATE TABLE public.account") {
		t.Error(r.log.String())
	}

	r.values["secrets.DATABASE_URL"] = "sqlite:" + filepath.Join(dir, "app.db")
	r.values["github.token"], r.values["github.event.pull_request.number"] = "token", "7"
	plan := w.Jobs["plan"]
	plan.If = ""
	for _, want := range []string{"```sql\nCREATE TABLE account", "### No schema changes"} {
		if code := r.job(plan); code != 0 {
			t.Fatalf("%d\n%s", code, r.log.String())
		}
		if got := lines(t, filepath.Join(dir, "comment.md")); !strings.Contains(got, want) {
			t.Errorf("want %s in\n%s", want, got)
		}
		mustSh(t, dir, nil, "trueup", "apply", r.values["secrets.DATABASE_URL"], "-f", "schema")
	}
	if got := ghLog(t, r); !strings.HasPrefix(got, "pr comment 7 --edit-last --create-if-none --body-file comment.md\n") {
		t.Error(got)
	}

	if code := r.job(w.Jobs["lint"]); code != 0 {
		t.Fatalf("%d\n%s", code, r.log.String())
	}
	if got := lines(t, filepath.Join(dir, "lint.sarif")); !strings.Contains(got, `"version": "2.1.0"`) {
		t.Error(got)
	}
	write(t, filepath.Join(dir, "schema/bad.sql"), "CREATE TABLE t (a money);")
	if code := r.job(w.Jobs["lint"]); code != 2 {
		t.Errorf("lint of a bad schema: %d", code)
	}
}

// TestDeploy: a plan that is not empty is applied; a second time there is none.
func TestDeploy(t *testing.T) {
	w := read[workflow](t, "github-actions/deploy.yml")
	dir := repository(t)
	r := newRunner(t, dir, map[string]string{"secrets.DATABASE_URL": "sqlite:" + filepath.Join(dir, "app.db")})
	for _, want := range []string{"true", "false"} {
		if code := r.job(w.Jobs["plan"]); code != 0 {
			t.Fatalf("%d\n%s", code, r.log.String())
		}
		changes := r.expand(w.Jobs["plan"].Outputs["changes"])
		if changes != want {
			t.Fatalf("changes: %s\n%s", changes, r.log.String())
		}
		r.values["needs.plan.outputs.changes"] = changes
		if r.holds(w.Jobs["apply"].If) {
			if code := r.job(w.Jobs["apply"]); code != 0 {
				t.Fatalf("%d\n%s", code, r.log.String())
			}
		}
	}
	if m, _ := filepath.Glob(filepath.Join(dir, "records/*/rollback.sql")); len(m) != 1 { //nolint:errcheck // a fixed pattern
		t.Errorf("records: %v", m)
	}
}

// TestDrift: an issue is opened when something differs, and edited while it does.
func TestDrift(t *testing.T) {
	w := read[workflow](t, "github-actions/drift.yml")
	dir := repository(t)
	url := "sqlite:" + filepath.Join(dir, "app.db")
	r := newRunner(t, dir, map[string]string{"secrets.DATABASE_URL_READ_ONLY": url, "github.token": "token"})
	mustSh(t, dir, nil, "trueup", "apply", url, "-f", "schema")
	if code := r.job(w.Jobs["drift"]); code != 0 {
		t.Fatalf("%d\n%s", code, r.log.String())
	}
	if _, err := os.Stat(variable(r, "GH_LOG")); err == nil {
		t.Error("in sync, and gh was called")
	}
	write(t, filepath.Join(dir, "hotfix/x.sql"), schemaSQL+"CREATE INDEX account_email ON account (email);")
	mustSh(t, dir, nil, "trueup", "apply", url, "-f", "hotfix")
	if code := r.job(w.Jobs["drift"]); code != 0 {
		t.Fatalf("%d\n%s", code, r.log.String())
	}
	if got := ghLog(t, r); !strings.Contains(got, "issue create --title The schema of production differs from main") {
		t.Error(got)
	}
	if got := lines(t, filepath.Join(dir, "drift.md")); !strings.Contains(got, "account_email") {
		t.Error(got)
	}
	write(t, variable(r, "GH_LOG")+".open", "12\n")
	if code := r.job(w.Jobs["drift"]); code != 0 {
		t.Fatalf("%d\n%s", code, r.log.String())
	}
	if got := ghLog(t, r); !strings.Contains(got, "issue edit 12 --body-file drift.md") {
		t.Error(got)
	}
	r.values["secrets.DATABASE_URL_READ_ONLY"] = "postgres://nobody@127.0.0.1:1/nowhere"
	if code := r.job(w.Jobs["drift"]); code == 0 {
		t.Error("a database that cannot be opened passes for one in sync")
	}
}

func variable(r *runner, name string) string {
	for _, v := range slices.Backward(r.env) {
		if value, ok := strings.CutPrefix(v, name+"="); ok {
			return value
		}
	}
	return ""
}

func ghLog(t *testing.T, r *runner) string {
	t.Helper()
	return lines(t, variable(r, "GH_LOG"))
}

// TestGitLab runs the scripts of the jobs, in the order of the stages.
func TestGitLab(t *testing.T) {
	type gitlabJob struct {
		Stage     string
		Extends   string
		Image     any
		Services  any
		Variables map[string]string
		Script    []string
		Artifacts any
		Rules     []map[string]any
		Group     string `yaml:"resource_group"`
	}
	all := read[map[string]any](t, "gitlab-ci/.gitlab-ci.yml")
	if _, ok := all["stages"].([]any); !ok {
		t.Fatal("no stages")
	}
	jobs := map[string]gitlabJob{}
	for name := range all {
		if name != "stages" {
			jobs[name] = sub[gitlabJob](t, all[name])
		}
	}
	dir := repository(t)
	url := "sqlite:" + filepath.Join(dir, "app.db")
	for _, name := range slices.Sorted(maps.Keys(jobs)) {
		j := jobs[name]
		if strings.HasPrefix(name, ".") {
			continue
		}
		if _, ok := jobs[j.Extends]; !ok || !slices.Contains(all["stages"].([]any), any(j.Stage)) || len(j.Script) == 0 || len(j.Rules) == 0 {
			t.Errorf("%s is incomplete", name)
		}
	}
	for _, name := range []string{"lint", "apply twice", "plan", "drift", "apply", "drift"} {
		env := []string{"DATABASE_URL=" + url}
		if name == "apply twice" {
			env = []string{"DATABASE_URL=" + dialecttest.Postgres(t, 15)}
		}
		want := 0
		if _, err := os.Stat(filepath.Join(dir, "app.db")); name == "drift" && err != nil {
			want = 1 // there is no database yet
		}
		if out, code := sh(t, dir, env, "sh", "-ec", strings.Join(jobs[name].Script, "\n")); code != want {
			t.Errorf("%s: %d\n%s", name, code, out)
		}
	}
	if got := lines(t, filepath.Join(dir, "drift.xml")); !strings.Contains(got, `failures="0"`) {
		t.Error(got)
	}
}
