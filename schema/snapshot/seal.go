package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// sealMember begins the last member of the file: a checksum of all before it, so
// that no change of the header goes unnoticed either. Space does not count.
const sealMember = `,"checksum":"`

// seal writes a whole file, with its checksum.
func seal(w io.Writer, file []byte) error {
	sum, err := checksum(file)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s,\n  \"checksum\": %q\n}\n", bytes.TrimSuffix(file, []byte("\n}\n")), sum)
	return err
}

// sealed tells whether the checksum fits.
func sealed(text string) bool {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(text)); err != nil {
		return false
	}
	all := compact.String()
	at := strings.LastIndex(all, sealMember)
	if at < 0 {
		return false
	}
	sum, err := checksum([]byte(all[:at] + "}"))
	return err == nil && all[at+len(sealMember):] == sum+`"}`
}

func checksum(file []byte) (string, error) {
	var compact bytes.Buffer
	err := json.Compact(&compact, file)
	return fmt.Sprintf("sha256:%x", sha256.Sum256(compact.Bytes())), err
}
