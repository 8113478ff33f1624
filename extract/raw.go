package extract

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"os"
	"path/filepath"

	"github.com/google/renameio/v2"
	"github.com/klauspost/compress/zstd"
)

// localError marks a fault of this machine, not of Graph: it ends the run instead of one source.
type localError struct{ err error }

func (e *localError) Error() string { return e.err.Error() }
func (e *localError) Unwrap() error { return e.err }

func asLocalFault(err error) error {
	if err == nil {
		return nil
	}
	return &localError{err}
}

// rawFile is a raw file being written: compressed, hashed and counted as it streams in. No
// reader sees it until it is published.
type rawFile struct {
	pending *renameio.PendingFile
	zstd    *zstd.Encoder
	sum     hash.Hash
	bytes   int64
	lines   int64
}

func createRaw(path string) (*rawFile, error) {
	pending, err := renameio.NewPendingFile(
		path,
		renameio.WithPermissions(0o600),
		renameio.WithTempDir(filepath.Dir(path)),
	)
	if err != nil {
		return nil, asLocalFault(err)
	}
	// A dozen files are open at once: a small window keeps each encoder small.
	encoder, err := zstd.NewWriter(pending, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
	if err != nil {
		return nil, asLocalFault(errors.Join(err, pending.Cleanup()))
	}
	return &rawFile{pending: pending, zstd: encoder, sum: sha256.New()}, nil
}

func (f *rawFile) Write(p []byte) (int, error) {
	f.sum.Write(p)
	f.bytes += int64(len(p))
	f.lines += int64(bytes.Count(p, []byte{'\n'}))
	n, err := f.zstd.Write(p)
	return n, asLocalFault(err)
}

// publish completes the file and its manifest entry.
func (f *rawFile) publish(entry Entry) (Entry, error) {
	if err := f.zstd.Close(); err != nil {
		return Entry{}, asLocalFault(err)
	}
	stored, err := f.pending.Seek(0, io.SeekCurrent)
	if err != nil {
		return Entry{}, asLocalFault(err)
	}
	if err := f.pending.CloseAtomicallyReplace(); err != nil {
		return Entry{}, asLocalFault(err)
	}
	entry.Status, entry.Bytes, entry.Stored = Complete, f.bytes, stored
	entry.SHA256 = hex.EncodeToString(f.sum.Sum(nil))
	return entry, nil
}

// discard removes a file that was not published; after publish it does nothing.
func (f *rawFile) discard() {
	_ = f.pending.Cleanup() // the failure that led here is already being reported
}

// Open reads a raw file as it was received.
func Open(path string) (io.ReadCloser, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	decoder, err := zstd.NewReader(file, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return rawReader{decoder, file}, nil
}

type rawReader struct {
	*zstd.Decoder
	file *os.File
}

func (r rawReader) Close() error {
	r.Decoder.Close()
	return r.file.Close()
}
