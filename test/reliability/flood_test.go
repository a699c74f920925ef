package reliability

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"
	corev1 "k8s.io/api/core/v1"

	"greenlight.dev/greenlight/test/cluster"
	"greenlight.dev/greenlight/test/install"
	"greenlight.dev/greenlight/test/reviews"
)

// promptly is less than the 5 seconds after which a body that stops arriving is given up.
const promptly = 3 * time.Second

var _ = Describe("many at once", Serial, Ordered, func() {
	var replica *install.Installation
	var resources corev1.ResourceRequirements

	BeforeAll(func(ctx context.Context) {
		var err error
		resources, err = install.ShippedResources()
		Expect(err).NotTo(HaveOccurred())
		GinkgoT().Setenv("GOMEMLIMIT", fmt.Sprint(resources.Requests.Memory().Value()))
		replica, err = guarded.Replica(ctx, "flooded", "")
		Expect(err).NotTo(HaveOccurred())
		DeferCleanup(func() { Expect(guarded.End("flooded")).To(Succeed()) })
	})

	It("bodies of 10 MiB are answered or refused within the limit of memory", func(ctx context.Context) {
		count := 50
		if *long {
			count = 500
		}
		others := startLoad(func() func(context.Context) error { return newReview(replica) })
		defer others.stop()
		statuses := flood(ctx, replica, padded(10*mebibyte), count)
		answered, failures := others.stop()
		_, most, err := process(replica).Memory()
		Expect(err).NotTo(HaveOccurred())
		AddReportEntry("flood", fmt.Sprintf("%d bodies of 10 MiB: %v by status; at most %d MiB resident; %d reviews meanwhile", count, statuses, most/mebibyte, answered))
		Expect(failures).To(BeEmpty())
		Expect(most).To(BeNumerically("<", resources.Limits.Memory().Value()))
		for status := range statuses {
			Expect(status).To(BeElementOf(http.StatusOK, http.StatusTooManyRequests, http.StatusRequestTimeout))
		}
		expectAnswers(ctx, replica)
		Expect(flood(ctx, replica, padded(10*mebibyte), 1)).To(Equal(map[int]int{http.StatusOK: 1}))
	}, SpecTimeout(5*time.Minute))

	It("clients that send slowly keep nobody waiting, and are sent away", func(ctx context.Context) {
		const slow = 100
		var slowly []*tls.Conn
		for range slow {
			connection := dial(ctx, replica)
			_, err := fmt.Fprintf(connection, "POST /validate/deployments HTTP/1.1\r\nHost: webhook\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
			Expect(err).NotTo(HaveOccurred())
			slowly = append(slowly, connection)
		}
		expectAnswers(ctx, replica)
		for _, connection := range slowly {
			Expect(connection.SetReadDeadline(time.Now().Add(time.Minute))).To(Succeed())
			answer, err := io.ReadAll(connection)
			Expect(err).NotTo(HaveOccurred())
			Expect(string(answer)).To(HavePrefix("HTTP/1.1 408 Request Timeout"))
			Expect(string(answer)).To(HaveSuffix("only 1 bytes of the body arrived in 5s\n"))
		}
	})
})

func dial(ctx context.Context, replica *install.Installation) *tls.Conn {
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: replica.Trusted()}}
	connection, err := dialer.DialContext(ctx, "tcp", replica.Address())
	Expect(err).NotTo(HaveOccurred())
	DeferCleanup(connection.Close)
	return connection.(*tls.Conn)
}

// flood sends a body so many times at once and counts the answers by status. No answer at all fails.
func flood(ctx context.Context, replica *install.Installation, body []byte, count int) map[int]int {
	client := reviews.NewClient(replica.Trusted(), count)
	defer client.CloseIdleConnections()
	var mutex sync.Mutex
	var group sync.WaitGroup
	statuses := map[int]int{}
	for range count {
		group.Go(func() {
			defer GinkgoRecover()
			status, answer, err := reviews.Post(ctx, client, "https://"+replica.Address()+"/mutate/deployments", body)
			Expect(err).NotTo(HaveOccurred())
			Expect(answer).NotTo(BeEmpty())
			mutex.Lock()
			defer mutex.Unlock()
			statuses[status]++
		})
	}
	group.Wait()
	return statuses
}

// newReview returns a caller with a review of the usual size, which keeps its connection until the spec ends.
func newReview(replica *install.Installation) func(context.Context) error {
	return newCaller(replica.Trusted(), "https://"+replica.Address())
}

// expectAnswers asks for a review that waits for nobody.
func expectAnswers(ctx context.Context, replica *install.Installation) {
	limited, cancel := context.WithTimeout(ctx, promptly)
	defer cancel()
	Expect(newReview(replica)(limited)).To(Succeed())
}

func process(replica *install.Installation) cluster.Process {
	process, err := guarded.Process(replica.Name())
	Expect(err).NotTo(HaveOccurred())
	return process
}
