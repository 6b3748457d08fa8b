package report_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/trueup-sql/trueup/planner/report"
)

// browser finds a Chromium.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("no Chromium: install the package chromium")
	return ""
}

// chromium runs the browser without a window.
func chromium(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	args = append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--user-data-dir=" + t.TempDir(), "--virtual-time-budget=3000"}, args...)
	cmd := exec.CommandContext(ctx, browser(t), args...)
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s", err, log.String())
	}
	return out.String()
}

var (
	shown  = regexp.MustCompile(`<span id="count">([^<]*)</span>`)
	hidden = regexp.MustCompile(`<details class="object"[^>]* hidden=""`)
)

// TestHTMLInBrowser: a report of 2,000 differences opens in a real browser, and
// filters by a search and by kind. The screenshots stay in a temporary folder,
// $TRUEUP_ARTIFACTS where CI keeps it.
func TestHTMLInBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("needs a browser")
	}
	browser(t)
	keep := os.Getenv("TRUEUP_ARTIFACTS")
	if keep == "" {
		keep = filepath.Join(os.TempDir(), "trueup-artifacts")
	}
	if err := os.MkdirAll(keep, 0o755); err != nil {
		t.Fatal(err)
	}
	page := filepath.Join(keep, "drift.html")
	var b bytes.Buffer
	if err := report.HTML(&b, sample(2000)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(page, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		hash, count string
		hidden      int
	}{
		{"", "2000 objects", 0},
		{"#q=object_19&kind=table", "36 of 2000 objects", 1964},
	} {
		dom := chromium(t, "--dump-dom", "file://"+page+c.hash)
		if m := shown.FindStringSubmatch(dom); m == nil || m[1] != c.count {
			t.Errorf("%s: the count is %q, want %q", c.hash, m, c.count)
		}
		if n := len(hidden.FindAllString(dom, -1)); n != c.hidden {
			t.Errorf("%s: %d hidden, want %d", c.hash, n, c.hidden)
		}
	}
	shot := filepath.Join(keep, "drift.png")
	chromium(t, "--screenshot="+shot, "--window-size=1200,1400", "file://"+page)
	if info, err := os.Stat(shot); err != nil || info.Size() < 20000 {
		t.Errorf("the screenshot: %v", err)
	}
	t.Log("screenshot:", shot)
	if strings.Contains(b.String(), "http://") || strings.Contains(b.String(), "https://") {
		t.Error("the report is not self-contained")
	}
}
