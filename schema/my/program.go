package my

// SQLMode is the sql_mode that a stored program keeps: the modes in upper case,
// in the order of SHOW CREATE, or none if it is Known and empty.
type SQLMode struct {
	Known bool
	Modes []string
}
