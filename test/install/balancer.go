package install

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"time"
)

// headerLimit is for the API server to send the headers of a review.
const headerLimit = 10 * time.Second

// Balance puts a load balancer before the webhook and further replicas of it, each under the name
// given, and points the webhook configurations at it. Each review goes to a replica picked at random, as
// behind a Service, so two changes that belong together may be judged by two replicas. The function that
// it returns ends the balancer, and with it every answer to the API server.
func (i *Installation) Balance(ctx context.Context, names ...string) (stop func() error, err error) {
	replicas := []*Installation{i}
	for _, name := range names {
		replica, err := i.Replica(ctx, name, "")
		if err != nil {
			return nil, err
		}
		replicas = append(replicas, replica)
	}
	listener, err := net.Listen("tcp", local(0))
	if err != nil {
		return nil, err
	}
	server := &http.Server{Handler: balancer(replicas), ReadHeaderTimeout: headerLimit}
	served := make(chan error, 1)
	go func() {
		served <- server.ServeTLS(listener, filepath.Join(i.process.folder, "tls.crt"), filepath.Join(i.process.folder, "tls.key"))
	}()
	stop = func() error {
		err := server.Close()
		if ended := <-served; !errors.Is(ended, http.ErrServerClosed) {
			return errors.Join(err, ended)
		}
		return err
	}
	if err := i.guard(ctx, listener.Addr().(*net.TCPAddr).Port); err != nil {
		return nil, errors.Join(err, stop())
	}
	return stop, nil
}

// balancer passes each request on to one of the replicas.
func balancer(replicas []*Installation) http.Handler {
	trusted := x509.NewCertPool()
	for _, replica := range replicas {
		trusted.AppendCertsFromPEM(replica.process.authority)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(request *httputil.ProxyRequest) {
			replica := replicas[rand.IntN(len(replicas))]
			request.SetURL(&url.URL{Scheme: "https", Host: local(replica.process.port)})
		},
		Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}, ForceAttemptHTTP2: true},
	}
}
