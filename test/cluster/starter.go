package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// starter brings a cluster up, step by step.
type starter struct {
	*Cluster
	options  Options
	etcdPort int
}

func (s *starter) start(ctx context.Context) error {
	if err := s.prepare(); err != nil {
		return fmt.Errorf("preparing %s: %w", s.layout, err)
	}
	if err := OnFreePorts(2, func(ports []int) error { return s.startEtcd(ctx, ports[0], ports[1]) }); err != nil {
		return err
	}
	if err := OnFreePorts(1, func(ports []int) error { return s.startAPIServer(ctx, ports[0]) }); err != nil {
		return err
	}
	if err := s.fill(ctx); err != nil {
		return err
	}
	s.state.Complete = true
	return s.state.write(s.layout.state())
}

// fill waits for what every new cluster is given, and adds the nodes.
func (s *starter) fill(ctx context.Context) error {
	client, err := kubernetes.NewForConfig(s.config)
	if err != nil {
		return err
	}
	if err := s.Wait(ctx, "the namespace default", func(ctx context.Context) error {
		_, err := client.CoreV1().Namespaces().Get(ctx, metav1.NamespaceDefault, metav1.GetOptions{})
		return err
	}); err != nil || s.options.Nodes == 0 {
		return err
	}
	return s.startNodes(ctx, client)
}

func (s *starter) prepare() error {
	for _, dir := range []string{s.layout.run(), s.layout.logs()} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return errors.Join(
		credentials(s.layout),
		writeStages(s.layout.stages()),
		os.WriteFile(s.layout.auditPolicy(), auditPolicy, 0o644),
	)
}

func (s *starter) startEtcd(ctx context.Context, clientPort, peerPort int) error {
	s.etcdPort = clientPort
	if err := s.program(Etcd, etcdArgs(s.layout, clientPort, peerPort)); err != nil {
		return err
	}
	config := &rest.Config{Host: localURL(s.etcdPort), TLSClientConfig: rest.TLSClientConfig{
		CAFile:   s.layout.cert(authorityName),
		CertFile: s.layout.cert(etcdClient),
		KeyFile:  s.layout.key(etcdClient),
	}}
	return s.Wait(ctx, Etcd, func(ctx context.Context) error { return healthy(ctx, config, "/health") })
}

func (s *starter) startAPIServer(ctx context.Context, port int) error {
	if err := s.writeKubeconfigs(localURL(port)); err != nil {
		return err
	}
	if err := s.loadConfig(); err != nil {
		return err
	}
	args := apiServerArgs(s.layout, s.etcdPort, port, s.options.Nodes > 0)
	if err := s.program(APIServer, args); err != nil {
		return err
	}
	return s.Wait(ctx, APIServer, func(ctx context.Context) error { return healthy(ctx, s.config, "/readyz") })
}

func (s *starter) writeKubeconfigs(server string) error {
	errs := []error{writeKubeconfig(s.layout, s.Kubeconfig(), adminClient, server)}
	for _, name := range []string{ControllerManager, Scheduler, Kwok} {
		errs = append(errs, writeKubeconfig(s.layout, s.layout.kubeconfigOf(name), name, server))
	}
	return errors.Join(errs...)
}

func (s *starter) startNodes(ctx context.Context, client kubernetes.Interface) error {
	if err := createNodes(ctx, client, s.options.Nodes); err != nil {
		return err
	}
	if err := errors.Join(
		s.program(ControllerManager, controllerManagerArgs(s.layout)),
		s.program(Scheduler, schedulerArgs(s.layout)),
		s.program(Kwok, kwokArgs(s.layout)),
	); err != nil {
		return err
	}
	if err := s.Wait(ctx, "the default service account", func(ctx context.Context) error {
		_, err := client.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		return err
	}); err != nil {
		return err
	}
	return s.Wait(ctx, "the nodes", func(ctx context.Context) error { return nodesReady(ctx, client) })
}

// program starts one of the programs that Build made.
func (s *starter) program(name string, args []string) error {
	return s.launch(name, filepath.Join(s.options.Binaries, name), args)
}
