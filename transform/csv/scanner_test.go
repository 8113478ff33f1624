package csv

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"m365lake/transform/transformtest"
)

type csvRecord struct {
	Line   int64
	Fields []string
}

// scanAll reads a CSV text to its end or its first error.
func scanAll(r io.Reader, bufferSize int) (records []csvRecord, err error) {
	s := NewScanner(r, bufferSize)
	for {
		if err := s.Scan(); err == io.EOF {
			return records, nil
		} else if err != nil {
			return records, err
		}
		record := csvRecord{Line: s.Line}
		for i := range s.Fields() {
			record.Fields = append(record.Fields, string(s.Field(i)))
		}
		records = append(records, record)
	}
}

// oracle reads the same with encoding/csv.
func oracle(text string, lazy bool) (records []csvRecord, err error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.LazyQuotes = lazy
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return records, nil
		} else if err != nil {
			return records, err
		}
		line, _ := r.FieldPos(0)
		for i := range fields {
			fields[i] = strings.ToValidUTF8(fields[i], "\uFFFD")
		}
		records = append(records, csvRecord{int64(line), fields})
	}
}

// FuzzCSV holds the scanner to encoding/csv. What the strict encoding/csv takes, the scanner takes
// and splits into the same fields in the same lines; what the scanner takes, encoding/csv with
// LazyQuotes takes and splits into the same. So the two differ only in this: a quote within a field
// that did not begin with one is text to the scanner and an error to the strict encoding/csv; and
// text behind a closing quote is an error to the scanner but not to LazyQuotes. A missing last line
// end, an error of the scanner alone, is put there before the comparison.
func FuzzCSV(f *testing.F) {
	for _, seed := range []string{
		"", "\n", "a", "a,b\r\nc,d\r\n", "\xEF\xBB\xBFa,b\n", "a,\"b\"\n", "\"a\"\"b\",\"c\r\nd\ne\"\r\n\r\n,\n",
		"a\"b,c\n", "\"a\"b\n", "\"a\n", "\"a\"\r\n", "\"a\"\r", "a\rb\r\r\n", "\"\",\"\"\n", "\xff\xfe,\"\xff\"\n",
		" \"a\" ,b\n",
		"1234567,12345678,123456789\n", ",,,,,,,,,\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, gotErr := scanAll(strings.NewReader(text), 256)
		for name, again := range map[string]io.Reader{
			"one byte": iotest.OneByteReader(strings.NewReader(text)),
			"data+EOF": iotest.DataErrReader(strings.NewReader(text)),
		} {
			records, err := scanAll(again, 1)
			if diff := cmp.Diff(got, records); diff != "" ||
				transformtest.ErrorText(gotErr) != transformtest.ErrorText(err) {
				t.Fatalf("%s: %v, was %v\n%s", name, err, gotErr, diff)
			}
		}

		text = strings.TrimPrefix(text, byteOrderMark)
		if text != "" && !strings.HasSuffix(text, "\n") {
			if gotErr == nil {
				t.Fatal("accepted a file without a last line end")
			}
			text += "\n"
			got, gotErr = scanAll(strings.NewReader(byteOrderMark+text), 256)
		}
		strict, strictErr := oracle(text, false)
		lazy, lazyErr := oracle(text, true)
		if strictErr == nil {
			if gotErr != nil {
				t.Fatalf("%v, but encoding/csv accepts %v", gotErr, strict)
			}
			if diff := cmp.Diff(strict, got); diff != "" {
				t.Fatalf("encoding/csv (-) and scanner (+):\n%s", diff)
			}
		}
		if gotErr == nil {
			if lazyErr != nil {
				t.Fatalf("accepted, but LazyQuotes says %v", lazyErr)
			}
			if diff := cmp.Diff(lazy, got); diff != "" {
				t.Fatalf("LazyQuotes (-) and scanner (+):\n%s", diff)
			}
		}
	})
}

func TestCSVErrors(t *testing.T) {
	long := strings.Repeat("x", MaxRecord)
	broken := errors.New("connection reset")
	for name, c := range map[string]struct {
		r    io.Reader
		want string
	}{
		"no line end": {strings.NewReader("a,b\nc"),
			"line 2: the file ends in the middle of a record, or its last line end is missing"},
		"cut after a quote": {strings.NewReader("a,b\n\"c\""),
			"line 2: the file ends in the middle of a record, or its last line end is missing"},
		"open quote": {strings.NewReader("a,b\n\"c\nd\",e,\"f\ng\n"),
			"line 2: the file ends within the quotes that open in line 3"},
		"text behind a quote": {strings.NewReader("a,b\n\"c\nd\"e\n"), "line 3: text follows the closing quote of a field"},
		"long record": {strings.NewReader("a\n" + long + "\n"),
			"line 2: the record is longer than 1 MiB, perhaps because a quote is not closed"},
		"quote never closed": {io.MultiReader(strings.NewReader("a\n\""), endless("b\n")),
			"line 2: the record is longer than 1 MiB, perhaps because a quote is not closed"},
		"error of the source": {io.MultiReader(strings.NewReader("a\nb\n"), iotest.ErrReader(broken)), "connection reset"},
		"error within a line": {io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrUnexpectedEOF)),
			"unexpected EOF"},
		"source without bytes": {endless(""), "multiple Read calls return no data or error"},
	} {
		if _, err := scanAll(c.r, BufferSize); transformtest.ErrorText(err) != c.want {
			t.Errorf("%s: got error %q, want %q", name, transformtest.ErrorText(err), c.want)
		}
	}
}

// endless is a source that repeats itself for ever.
type endless string

func (e endless) Read(p []byte) (int, error) {
	if e == "" {
		return 0, nil
	}
	for i := range p {
		p[i] = e[i%len(e)]
	}
	return len(p), nil
}

// TestCSVAllocates makes sure that no row allocates anything.
func TestCSVAllocates(t *testing.T) {
	text := bytes.Repeat([]byte("2026-08-29,Jürgen,\"a, \"\"b\"\"\",,1\r\n"), 5000)
	allocations := testing.AllocsPerRun(3, func() {
		s := NewScanner(bytes.NewReader(text), BufferSize)
		for s.Scan() == nil {
		}
	})
	if allocations > 20 {
		t.Errorf("%v allocations for 5000 rows", allocations)
	}
}
