package cluster

import (
	"errors"
	"fmt"
	"net"
)

// portAttempts is how often a program is started anew because another took its port in between.
const portAttempts = 3

// OnFreePorts calls start with ports of 127.0.0.1 that nobody listens on. Another program may take one before the
// one that start runs does: start then returns the *ExitError of that one, and is called again with other ports.
func OnFreePorts(count int, start func(ports []int) error) error {
	var err error
	for range portAttempts {
		ports, errPorts := freePorts(count)
		if errPorts != nil {
			return errPorts
		}
		err = start(ports)
		var exit *ExitError
		if !errors.As(err, &exit) || !exit.portTaken() {
			return err
		}
	}
	return fmt.Errorf("other programs took the ports of %d attempts: %w", portAttempts, err)
}

func freePorts(count int) ([]int, error) {
	ports := make([]int, count)
	for i := range ports {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("finding a free port: %w", err)
		}
		// Held until all are found, so that they differ.
		defer listener.Close()
		ports[i] = listener.Addr().(*net.TCPAddr).Port
	}
	return ports, nil
}
