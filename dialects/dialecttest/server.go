// Package dialecttest is what the tests of all dialects share: real servers,
// started by the tests in temporary folders, and the case files that every
// dialect has to pass. It knows no dialect's model.
package dialecttest

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"
)

// server is a running server process. It ends when the test process does,
// however that ends: a shell that holds the other end of its standard input
// stops it and removes its folder.
type server struct {
	dir   string
	port  int
	alive io.Closer // never closed: the process's end does it
}

// missing fails where every server is required, and skips with instructions
// elsewhere.
func missing(t testing.TB, what, install string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf("%s is missing: %s", what, install)
	}
	t.Skipf("%s is missing: %s", what, install)
}

// CacheDir is where downloaded servers are kept between runs.
func CacheDir() string {
	if d := os.Getenv("TRUEUP_SERVERS"); d != "" {
		return d
	}
	if os.Getuid() == 0 { // the servers' own user has to be able to read it
		return "/var/cache/trueup-servers"
	}
	d, err := os.UserCacheDir()
	if err != nil {
		d = os.TempDir()
	}
	return filepath.Join(d, "trueup-servers")
}

// account is the user that servers run as, where the tests run as root: nil
// for the user of the tests.
func account(names ...string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range append(names, "nobody") {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, errors.Join(err1, err2)
	}
	return nil, errors.New("no account to run a server as")
}

// folder makes a short-named temporary folder (socket paths are limited to
// some 100 bytes) that belongs to the servers' account.
func folder(cred *syscall.Credential) (string, error) {
	dir, err := os.MkdirTemp("/tmp", "tu")
	if err == nil && cred != nil {
		err = os.Chown(dir, int(cred.Uid), int(cred.Gid))
	}
	return dir, err
}

// run runs a preparing command to its end.
func run(cred *syscall.Credential, dir string, env []string, argv ...string) error {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred}
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", argv[0], err, out)
	}
	return nil
}

// start runs a server until the test process ends, and waits until ready.
// stop is the signal that ends it.
func start(cred *syscall.Credential, dir string, port int, env []string, stop string, ready func() error, argv ...string) (*server, error) {
	// The shell's standard input is a pipe that only this process holds open.
	const guard = `dir=$1 stop=$2; shift 2; "$@" </dev/null & pid=$!; read -r _; kill -$stop $pid 2>/dev/null; wait $pid; rm -rf "$dir"`
	cmd := exec.Command("/bin/sh", append([]string{"-c", guard, "sh", dir, stop}, argv...)...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	// A group of its own: an interrupt at the terminal reaches it only through us.
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: cred, Setpgid: true}
	s := &server{dir: dir, port: port}
	log, err := os.Create(filepath.Join(dir, "log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	s.alive = in
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	for range 600 {
		if err = ready(); err == nil {
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	in.Close()
	text, _ := os.ReadFile(log.Name())
	return nil, fmt.Errorf("%s did not start: %w\n%s", argv[0], err, text)
}

// freePort asks the kernel for a port. Another process could take it before
// the server does; then the start fails and the test says so.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// once starts each server at most once per process.
type once struct {
	sync.Once
	*server
	err error
}

var (
	mu      sync.Mutex
	servers = map[string]*once{}
)

func shared(name string, begin func() (*server, error)) (*server, error) {
	mu.Lock()
	o := servers[name]
	if o == nil {
		o = &once{}
		servers[name] = o
	}
	mu.Unlock()
	o.Do(func() { o.server, o.err = begin() })
	return o.server, o.err
}
