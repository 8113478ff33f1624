// Package notify tells people and monitors how a run went: messages through shoutrrr (chat, mail,
// webhooks, by one URL each), pings of a health check, a metrics file for Prometheus and traces of
// OpenTelemetry. The caller hands it the facts as plain values (Run); it knows nothing of the pipeline.
// No error of it shows a URL, because the URLs hold secrets.
package notify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/nicholas-fedor/shoutrrr/pkg/router"
	"github.com/nicholas-fedor/shoutrrr/pkg/types"
	"github.com/sourcegraph/conc/panics"
)

// Timeout is how long a message or a ping may take, its retries included.
const Timeout = 15 * time.Second

// A Message is what the recipients get.
type Message struct {
	Title string // one line
	Text  string // lines of plain text
}

// Send delivers a message to one shoutrrr URL, or to a workflow of Teams (teams+https://...).
func Send(ctx context.Context, address string, m Message) error {
	ctx, cancel := context.WithTimeout(ctx, Timeout)
	defer cancel()
	sent := make(chan error, 1)
	// A service of shoutrrr knows no context: one that hangs is left behind, and the process ends soon.
	go func() {
		var err error
		if caught := panics.Try(func() { err = deliver(address, m) }); caught != nil {
			err = fmt.Errorf("the service failed: %v", caught.Value)
		}
		sent <- err
	}()
	select {
	case err := <-sent:
		return redact(address, err)
	case <-ctx.Done():
		return fmt.Errorf("no answer within %s", Timeout)
	}
}

func deliver(address string, m Message) error {
	if strings.HasPrefix(address, workflowScheme) {
		return deliverCard(strings.TrimPrefix(address, workflowScheme), m)
	}
	service, err := locate(address)
	if err != nil {
		return err
	}
	params := types.Params{}
	params.SetTitle(m.Title)
	text := m.Text
	if service.GetID() == "generic" && !hasTemplate(address) {
		text = m.Title + "\n" + m.Text // the body is the message alone
	}
	return service.Send(text, &params)
}

// locate makes the service of a URL. What services log is thrown away: it has the URL in it.
func locate(address string) (types.Service, error) {
	sender, err := router.New(log.New(io.Discard, "", 0))
	if err != nil {
		return nil, err
	}
	service, err := sender.Locate(address)
	if errors.Is(err, router.ErrUnknownService) {
		known := sender.ListServices()
		slices.Sort(known)
		return nil, fmt.Errorf("the URL must begin with a service and ://; the services are %s, and teams+https",
			strings.Join(known, ", "))
	}
	return service, err
}

func hasTemplate(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Query().Get("template") != ""
}
