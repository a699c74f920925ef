package reliability

import (
	"context"
	"fmt"
	"net/http"

	"greenlight.dev/greenlight/test/reviews"
)

// askAllowed sends a review that every rule allows, and fails at any other answer.
func askAllowed(ctx context.Context, client *http.Client, url string) error {
	response, err := reviews.Ask(ctx, client, url, captured.Validate)
	if err != nil {
		return err
	}
	if !response.Allowed {
		return fmt.Errorf("denied: %s", response.Result.Message)
	}
	return nil
}
