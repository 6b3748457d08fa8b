// Package sqldef gives trueup the command lines of psqldef, mysqldef and
// sqlite3def, so that it runs in their place: their flags, environment
// variables, YAML configuration, output lines and exit codes. It translates,
// and holds no logic about schemas.
package sqldef

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/trueup-sql/trueup/cmd/internal/ui"
)

// common are the flags that all three have.
type common struct {
	File         []string `short:"f" placeholder:"FILENAME" help:"Read desired SQL from the file, rather than stdin (repeatable)."`
	DryRun       bool     `help:"Don't run DDLs but just show them."`
	Check        bool     `help:"As --dry-run, and exit with 2 if there is something to do."`
	Apply        bool     `help:"Apply DDLs to the database (the default)."`
	Export       bool     `help:"Just dump the current schema to stdout."`
	EnableDrop   bool     `help:"Enable destructive changes such as DROP."`
	Config       []string `placeholder:"PATH" sep:"none" help:"YAML configuration file (repeatable, later ones win)."`
	ConfigInline []string `placeholder:"YAML" sep:"none" help:"YAML configuration as a string (repeatable)."`
	BeforeApply  string   `placeholder:"SQL" help:"Execute this before the regular DDLs."`
	SkipView     bool     `help:"Leave views and materialized views alone."`
	Help         bool     `help:"Show this help."`
	Version      bool     `help:"Show the version."`
	Database     string   `arg:"" optional:"" name:"database|current.sql" help:"The database, or a file for a comparison without one."`
}

// psqldef's flags.
type psqldefFlags struct {
	User           string `short:"U" default:"postgres" placeholder:"USERNAME" help:"User name."`
	Password       string `short:"W" placeholder:"PASSWORD" help:"Password, overridden by $$PGPASSWORD."`
	Host           string `short:"h" default:"127.0.0.1" placeholder:"HOSTNAME" help:"Host or socket directory."`
	Port           uint16 `short:"p" default:"5432" placeholder:"PORT" help:"Port."`
	PasswordPrompt bool   `help:"Ask for the password."`
	SkipExtension  bool   `help:"Leave extensions alone."`
	SkipPartition  bool   `help:"Leave partitions alone."`

	DisableDDLTransaction bool `name:"disable-ddl-transaction" help:"Run DDLs outside of a transaction."`
	common
}

// mysqldef's flags.
type mysqldefFlags struct {
	User                  string `short:"u" default:"root" placeholder:"USERNAME" help:"User name."`
	Password              string `short:"p" placeholder:"PASSWORD" help:"Password, overridden by $$MYSQL_PWD."`
	Host                  string `short:"h" default:"127.0.0.1" placeholder:"HOSTNAME" help:"Host."`
	Port                  uint16 `short:"P" default:"3306" placeholder:"PORT" help:"Port."`
	Socket                string `short:"S" placeholder:"SOCKET" help:"Socket file."`
	SSLMode               string `name:"ssl-mode" default:"PREFERRED" placeholder:"MODE" help:"PREFERRED, REQUIRED, DISABLED."`
	SSLCA                 string `name:"ssl-ca" placeholder:"FILE" help:"Trusted certificate authorities."`
	PasswordPrompt        bool   `help:"Ask for the password."`
	EnableCleartextPlugin bool   `help:"Allow the clear text authentication plugin."`
	SkipPartition         bool   `help:"Leave partitions alone."`
	BulkAlter             bool   `help:"One ALTER TABLE for all changes of a table; trueup always does so."`
	common
}

// sqlite3def's flags.
type sqlite3defFlags struct {
	common
}

// prompt asks on the terminal, since standard input holds SQL.
func prompt(ctx context.Context) (string, error) {
	tty, err := os.OpenFile("/dev/tty", os.O_RDWR, 0)
	if err != nil {
		return "", fmt.Errorf("--password-prompt: %w", err)
	}
	defer tty.Close()
	fmt.Fprint(tty, "Enter Password: ")
	p, err := ui.Password(ctx, tty)
	fmt.Fprintln(tty)
	return p, err
}

func password(ctx context.Context, flag, env string, ask bool) (string, error) {
	if ask {
		return prompt(ctx)
	}
	if v, ok := os.LookupEnv(env); ok {
		return v, nil
	}
	return flag, nil
}

var errNoDatabase = errors.New("no database is specified")

// target is a keyword string of libpq.
func (f *psqldefFlags) target(ctx context.Context) (string, error) {
	if f.Database == "" {
		return "", errNoDatabase
	}
	p, err := password(ctx, f.Password, "PGPASSWORD", f.PasswordPrompt)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, k := range [][2]string{{"host", f.Host}, {"port", strconv.Itoa(int(f.Port))}, {"user", f.User}, {"password", p}, {"dbname", f.Database}} {
		if k[1] != "" {
			fmt.Fprintf(&b, "%s='%s' ", k[0], strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(k[1]))
		}
	}
	return strings.TrimSpace(b.String()), nil
}

// target is a URL.
func (f *mysqldefFlags) target(ctx context.Context) (string, error) {
	if f.Database == "" {
		return "", errNoDatabase
	}
	p, err := password(ctx, f.Password, "MYSQL_PWD", f.PasswordPrompt)
	if err != nil {
		return "", err
	}
	u := url.URL{Scheme: "mysql", Host: net.JoinHostPort(f.Host, strconv.Itoa(int(f.Port))), Path: "/" + f.Database, User: url.UserPassword(f.User, p)}
	q := url.Values{"ssl-mode": {strings.ToUpper(f.SSLMode)}}
	if f.Socket != "" {
		u.Host = ""
		q.Set("socket", f.Socket)
	}
	if f.SSLCA != "" {
		q.Set("ssl-ca", f.SSLCA)
		if strings.EqualFold(f.SSLMode, "PREFERRED") {
			q.Set("ssl-mode", "VERIFY_CA")
		}
	}
	if f.EnableCleartextPlugin {
		q.Set("allow-cleartext-passwords", "true")
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

func (f *sqlite3defFlags) target(context.Context) (string, error) {
	if f.Database == "" {
		return "", errNoDatabase
	}
	return "sqlite:" + f.Database, nil
}
