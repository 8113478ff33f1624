package notify

import (
	"encoding/json"
	"strings"

	"github.com/nicholas-fedor/shoutrrr/pkg/types"
)

// workflowScheme is put before the URL of a workflow "When a Teams webhook request is received".
// Microsoft ends the connectors that shoutrrr's teams:// posts to, and a workflow takes nothing but
// adaptive cards. Source: learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using.
const workflowScheme = "teams+"

// cardTemplate is the name under which shoutrrr's generic webhook finds the card.
const cardTemplate = "adaptive_card"

// deliverCard posts a message to a workflow as shoutrrr's generic webhook with a card for a body.
func deliverCard(workflow string, m Message) error {
	card, err := adaptiveCard(m)
	if err != nil {
		return err
	}
	separator := "?"
	if strings.Contains(workflow, "?") {
		separator = "&"
	}
	service, err := locate("generic+" + workflow + separator + "template=" + cardTemplate)
	if err != nil {
		return err
	}
	if err := service.SetTemplateString(cardTemplate, "{{.message}}"); err != nil {
		return err
	}
	return service.Send(card, &types.Params{})
}

// adaptiveCard is a message as Teams shows it: a bold title and a block for each line, because a
// block runs lines together.
func adaptiveCard(m Message) (string, error) {
	type block struct {
		Type   string `json:"type"`
		Text   string `json:"text"`
		Weight string `json:"weight,omitempty"`
		Space  string `json:"spacing,omitempty"`
		Wrap   bool   `json:"wrap"`
	}
	blocks := []block{{Type: "TextBlock", Text: m.Title, Weight: "Bolder", Wrap: true}}
	for line := range strings.Lines(m.Text) {
		if line = strings.TrimSpace(line); line != "" {
			blocks = append(blocks, block{Type: "TextBlock", Text: line, Space: "Small", Wrap: true})
		}
	}
	card, err := json.Marshal(map[string]any{
		"type": "message",
		"attachments": []any{map[string]any{
			"contentType": "application/vnd.microsoft.card.adaptive",
			"content": map[string]any{
				"$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
				"type":    "AdaptiveCard", "version": "1.4", "body": blocks,
			},
		}},
	})
	return string(card), err
}
