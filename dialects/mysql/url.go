package mysql

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
)

// TargetError: a URL cannot be used. It never repeats the URL, which may hold a
// password.
type TargetError struct {
	Reason string
	Hint   string
}

func (e *TargetError) Error() string {
	s := "the target cannot be used: " + e.Reason
	if e.Hint != "" {
		s += "\n  hint: " + e.Hint
	}
	return s
}

const urlHint = "mysql://user@host:3306/database?ssl-mode=VERIFY_IDENTITY&ssl-ca=ca.pem, or mysql://user@/database?socket=/run/mysqld/mysqld.sock"

// parseURL makes the driver's configuration of mysql://user:password@host:port/database?parameters
// What the URL leaves out comes from the client's settings, as for the mysql
// command line client. An empty host, or the parameter socket, means a Unix socket.
func parseURL(target string, client clientSettings) (*mysql.Config, error) {
	u, err := url.Parse(escapeSocket(target))
	if err != nil {
		return nil, &TargetError{"it is no URL", urlHint}
	}
	cfg := mysql.NewConfig()
	cfg.DBName = strings.TrimPrefix(u.Path, "/")
	if cfg.DBName == "" || strings.Contains(cfg.DBName, "/") {
		return nil, &TargetError{"it names no database", urlHint}
	}
	cfg.User, cfg.Passwd = client.User, client.Password
	if u.User != nil {
		cfg.User = u.User.Username()
		if p, ok := u.User.Password(); ok {
			cfg.Passwd = p
		}
	}
	q := u.Query()
	address(cfg, u.Hostname(), u.Port(), q.Get("socket"), client)
	if err := timeouts(cfg, q); err != nil {
		return nil, err
	}
	if err := secure(cfg, q, client); err != nil {
		return nil, err
	}
	for name := range q {
		if !known[name] {
			return nil, &TargetError{fmt.Sprintf("unknown parameter %q", name), urlHint}
		}
	}
	// SET NAMES without a collation gives the server's own default for the
	// character set, as its command line client has it.
	if err := cfg.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}
	cfg.Logger = &mysql.NopLogger{}
	cfg.CheckConnLiveness = true
	return cfg, nil
}

// known are the parameters of a URL; those with a dash are the client's options.
var known = map[string]bool{
	"socket": true, "timeout": true, "connect-timeout": true, "tls": true, "allow-cleartext-passwords": true,
	"ssl-mode": true, "sslmode": true, "ssl-ca": true, "ssl-cert": true, "ssl-key": true,
}

// escapeSocket lets a URL's host be unix(/path), as drivers write it.
func escapeSocket(target string) string {
	before, rest, ok := strings.Cut(target, "unix(")
	if !ok {
		return target
	}
	path, after, ok := strings.Cut(rest, ")")
	if !ok {
		return target
	}
	sep := "?"
	if strings.Contains(after, "?") {
		sep = "&"
	}
	return before + after + sep + "socket=" + url.QueryEscape(path)
}

func address(cfg *mysql.Config, host, port, socket string, client clientSettings) {
	if strings.HasPrefix(host, "/") { // %2Frun%2Fmysqld%2Fmysqld.sock
		socket, host = host, ""
	}
	if host == "" && socket == "" && port == "" {
		if host = client.Host; host == "" || host == "localhost" {
			socket = client.socket()
		}
	}
	if socket != "" {
		cfg.Net, cfg.Addr = "unix", socket
		return
	}
	if host == "" {
		host = "127.0.0.1"
	}
	if port == "" {
		if port = client.Port; port == "" {
			port = "3306"
		}
	}
	cfg.Net, cfg.Addr = "tcp", net.JoinHostPort(host, port)
}

func timeouts(cfg *mysql.Config, q url.Values) error {
	cfg.Timeout = 15 * time.Second
	for _, name := range []string{"timeout", "connect-timeout"} {
		v := q.Get(name)
		if v == "" {
			continue
		}
		d, err := time.ParseDuration(v)
		if n, nerr := strconv.Atoi(v); nerr == nil {
			d, err = time.Duration(n)*time.Second, nil
		}
		if err != nil || d < 0 {
			return &TargetError{fmt.Sprintf("%s=%s is no duration", name, v), "for example timeout=10s"}
		}
		cfg.Timeout = d
	}
	cfg.AllowCleartextPasswords = q.Get("allow-cleartext-passwords") == "true"
	return nil
}

// secure reads the parameters of TLS: the client's ssl-mode, or tls as drivers
// have it. Without either, TLS is used if the server offers it, as the client does.
func secure(cfg *mysql.Config, q url.Values, client clientSettings) error {
	first := func(values ...string) string {
		for _, v := range values {
			if v != "" {
				return v
			}
		}
		return ""
	}
	ca, cert, key := first(q.Get("ssl-ca"), client.SSLCA), first(q.Get("ssl-cert"), client.SSLCert), first(q.Get("ssl-key"), client.SSLKey)
	mode := strings.ToUpper(first(q.Get("ssl-mode"), q.Get("sslmode"), tlsMode(q.Get("tls")), client.SSLMode))
	if mode == "" {
		mode = "PREFERRED"
		if ca != "" {
			mode = "VERIFY_CA"
		}
	}
	host, _, _ := net.SplitHostPort(cfg.Addr)
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	switch mode {
	case "DISABLED":
		return nil
	case "PREFERRED":
		if cfg.Net == "unix" {
			return nil
		}
		t.InsecureSkipVerify = true //nolint:gosec // encryption without authentication, as the client has it
		cfg.AllowFallbackToPlaintext = true
	case "REQUIRED":
		t.InsecureSkipVerify = true //nolint:gosec // as above
	case "VERIFY_CA":
		t.InsecureSkipVerify = true //nolint:gosec // verified below, but for the name
		t.VerifyConnection = func(s tls.ConnectionState) error { return verifyChain(s, t.RootCAs) }
	case "VERIFY_IDENTITY":
	default:
		return &TargetError{fmt.Sprintf("unknown ssl-mode %s", mode), "DISABLED, PREFERRED, REQUIRED, VERIFY_CA, or VERIFY_IDENTITY"}
	}
	if ca != "" {
		pem, err := os.ReadFile(ca)
		if err != nil {
			return &TargetError{"ssl-ca: " + err.Error(), ""}
		}
		t.RootCAs = x509.NewCertPool()
		if !t.RootCAs.AppendCertsFromPEM(pem) {
			return &TargetError{"ssl-ca: " + ca + " holds no certificate in PEM form", ""}
		}
	}
	if (cert == "") != (key == "") {
		return &TargetError{"ssl-cert and ssl-key go together", ""}
	}
	if cert != "" {
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			return &TargetError{"ssl-cert: " + err.Error(), ""}
		}
		t.Certificates = []tls.Certificate{pair}
	}
	cfg.TLS = t
	return nil
}

// tlsMode translates the parameter tls of drivers.
func tlsMode(v string) string {
	switch strings.ToLower(v) {
	case "true", "1":
		return "VERIFY_IDENTITY"
	case "false", "0":
		return "DISABLED"
	case "skip-verify":
		return "REQUIRED"
	}
	return v // "", or preferred
}

// verifyChain checks a server's certificate, but not its name.
func verifyChain(s tls.ConnectionState, roots *x509.CertPool) error {
	if len(s.PeerCertificates) == 0 {
		return errors.New("the server showed no certificate")
	}
	o := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool()}
	for _, c := range s.PeerCertificates[1:] {
		o.Intermediates.AddCert(c)
	}
	_, err := s.PeerCertificates[0].Verify(o)
	return err
}
