package mysql

import "strings"

// builtinCollations are the default collations of the character sets that a
// server was compiled with, where no server was asked.
var builtinCollations = map[string]string{
	"armscii8": "armscii8_general_ci", "ascii": "ascii_general_ci", "big5": "big5_chinese_ci", "binary": "binary",
	"cp1250": "cp1250_general_ci", "cp1251": "cp1251_general_ci", "cp1256": "cp1256_general_ci", "cp1257": "cp1257_general_ci",
	"cp850": "cp850_general_ci", "cp852": "cp852_general_ci", "cp866": "cp866_general_ci", "cp932": "cp932_japanese_ci",
	"dec8": "dec8_swedish_ci", "eucjpms": "eucjpms_japanese_ci", "euckr": "euckr_korean_ci", "gb18030": "gb18030_chinese_ci",
	"gb2312": "gb2312_chinese_ci", "gbk": "gbk_chinese_ci", "geostd8": "geostd8_general_ci", "greek": "greek_general_ci",
	"hebrew": "hebrew_general_ci", "hp8": "hp8_english_ci", "keybcs2": "keybcs2_general_ci", "koi8r": "koi8r_general_ci",
	"koi8u": "koi8u_general_ci", "latin1": "latin1_swedish_ci", "latin2": "latin2_general_ci", "latin5": "latin5_turkish_ci",
	"latin7": "latin7_general_ci", "macce": "macce_general_ci", "macroman": "macroman_general_ci", "sjis": "sjis_japanese_ci",
	"swe7": "swe7_swedish_ci", "tis620": "tis620_thai_ci", "ucs2": "ucs2_general_ci", "ujis": "ujis_japanese_ci",
	"utf16": "utf16_general_ci", "utf16le": "utf16le_general_ci", "utf32": "utf32_general_ci",
	"utf8mb3": "utf8mb3_general_ci", "utf8mb4": "utf8mb4_general_ci",
}

// maxBytes is the length of a character set's longest character where it is
// not one byte.
var maxBytes = map[string]int{
	"big5": 2, "cp932": 2, "eucjpms": 3, "euckr": 2, "gb18030": 4, "gb2312": 2, "gbk": 2, "sjis": 2, "ucs2": 2,
	"ujis": 3, "utf16": 4, "utf16le": 4, "utf32": 4, "utf8mb3": 3, "utf8mb4": 4,
}

func bytesPerChar(charset string) int {
	if n, ok := maxBytes[charset]; ok {
		return n
	}
	return 1
}

// utf8mb3 is the name of a character set or collation in the normal form: lower
// case, and utf8mb3 for what servers before MySQL 8.0.30 and MariaDB 10.6 call utf8.
func utf8mb3(name string) string {
	name = strings.ToLower(name)
	if name == "utf8" {
		return "utf8mb3"
	}
	if rest, ok := strings.CutPrefix(name, "utf8_"); ok {
		return "utf8mb3_" + rest
	}
	return name
}

// charsetOf is the character set of a collation; "" for one of MariaDB's short
// names, such as uca1400_ai_ci, which fit several.
func charsetOf(collation string) string {
	cs, _, _ := strings.Cut(collation, "_")
	if _, ok := builtinCollations[cs]; ok {
		return cs
	}
	return ""
}

// fullCollation gives a short name its character set.
func fullCollation(charset, collation string) string {
	collation = utf8mb3(collation)
	if collation == "" || charsetOf(collation) != "" {
		return collation
	}
	return charset + "_" + collation
}

// binaryCollation is what the attribute BINARY asks for.
func binaryCollation(charset string) string {
	if charset == "binary" {
		return "binary"
	}
	return charset + "_bin"
}
