package main

import (
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/lmittmann/tint"

	"m365lake/cmd/m365lake/view"
	"m365lake/pipeline"
)

// A logFormat is a value of --log-format.
type logFormat string

const (
	logText logFormat = "text"
	logJSON logFormat = "json"
)

func (f *logFormat) String() string { return string(*f) }
func (f *logFormat) Type() string   { return "format" }

// Set takes the flag's value.
func (f *logFormat) Set(value string) error {
	switch logFormat(value) {
	case logText, logJSON:
		*f = logFormat(value)
		return nil
	}
	return errors.New("text or json")
}

func (p *program) logLevel() slog.Level {
	if p.verbose {
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// logger is the log in the wanted form.
func (p *program) logger(w io.Writer) *slog.Logger {
	switch {
	case p.logFormat == logJSON:
		options := &slog.HandlerOptions{Level: p.logLevel(), ReplaceAttr: durationsInSeconds}
		return slog.New(slog.NewJSONHandler(w, options))
	case view.IsTerminal(w):
		return p.terminalLogger(w)
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: p.logLevel()}))
}

// terminalLogger is the log for somebody who is looking.
func (p *program) terminalLogger(w io.Writer) *slog.Logger {
	return slog.New(tint.NewTextHandler(w, &tint.Options{Level: p.logLevel(), TimeFormat: time.TimeOnly}))
}

// durationsInSeconds makes numbers of durations that machines compare: slog's JSON has nanoseconds.
func durationsInSeconds(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		a.Value = slog.Float64Value(a.Value.Duration().Seconds())
	}
	return a
}

// runProgress is closed when the run has ended.
type runProgress interface {
	pipeline.Progress
	io.Closer
}

// watchRun returns the progress and the log that fit where the program writes errors: bars on a terminal, lines
// elsewhere.
func (p *program) watchRun() (runProgress, *slog.Logger) {
	if p.logFormat == logJSON || !view.IsTerminal(p.err) {
		log := p.logger(p.err)
		return view.LogProgress{Log: log}, log
	}
	bars := view.NewBars(p.err)
	return bars, p.terminalLogger(bars)
}
