package org.millwright.engines.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Json;
import org.millwright.kubernetes.ClusterApi;

/** A namespace by fabric8's client: as the pod's own service account, or as the user's kubeconfig says. */
public final class Fabric8Cluster implements ClusterApi {
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int TRIES = 2;

    private final KubernetesClient client;
    private final String namespace;

    public Fabric8Cluster(String namespace) {
        this(new KubernetesClientBuilder().withConfig(config()).build(), namespace);
    }

    Fabric8Cluster(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    private static Config config() {
        return new ConfigBuilder(Config.autoConfigure(null))
                .withConnectionTimeout(PATIENCE_MILLIS)
                .withRequestTimeout(PATIENCE_MILLIS)
                .withRequestRetryBackoffLimit(TRIES)
                .build();
    }

    private static ResourceDefinitionContext context(Kind kind) {
        String[] parts = kind.apiVersion().split("/");
        return new ResourceDefinitionContext.Builder()
                .withGroup(parts.length == 1 ? "" : parts[0])
                .withVersion(parts[parts.length - 1])
                .withKind(kind.kind())
                .withPlural(plural(kind))
                .withNamespaced(true)
                .build();
    }

    private static String plural(Kind kind) {
        String name = kind.kind().toLowerCase(Locale.ROOT);
        return name.endsWith("y") ? name.substring(0, name.length() - 1) + "ies" : name + "s";
    }

    @Override
    public List<ObjectNode> list(Map<String, String> labels) throws Failed {
        var found = new ArrayList<ObjectNode>();
        for (Kind kind : Kind.values()) {
            ask(() -> client.genericKubernetesResources(context(kind))
                            .inNamespace(namespace)
                            .withLabels(labels)
                            .list()
                            .getItems())
                    .forEach(item -> found.add(node(item, kind)));
        }
        return found;
    }

    @Override
    public Optional<ObjectNode> find(Kind kind, String name) throws Failed {
        return Optional.ofNullable(ask(() -> client.genericKubernetesResources(context(kind))
                        .inNamespace(namespace)
                        .withName(name)
                        .get()))
                .map(item -> node(item, kind));
    }

    @Override
    public void create(ObjectNode object) throws Failed {
        ask(() -> resource(object).create());
    }

    @Override
    public void replace(ObjectNode object) throws Failed {
        ask(() -> resource(object).update());
    }

    @Override
    public void delete(Kind kind, String name) throws Failed {
        ask(() -> client.genericKubernetesResources(context(kind))
                .inNamespace(namespace)
                .withName(name)
                .delete());
    }

    private io.fabric8.kubernetes.client.dsl.Resource<GenericKubernetesResource> resource(ObjectNode object) {
        return client.genericKubernetesResources(context(Kind.of(object)))
                .inNamespace(namespace)
                .resource(Json.convert(object, GenericKubernetesResource.class));
    }

    /** Items of a list do not say of what kind they are. */
    private static ObjectNode node(GenericKubernetesResource item, Kind kind) {
        ObjectNode node = (ObjectNode) Json.tree(item);
        return node.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
    }

    private <T extends @Nullable Object> T ask(Supplier<T> question) throws Failed {
        try {
            return question.get();
        } catch (KubernetesClientException e) {
            throw new Failed(reason(e), e);
        }
    }

    private static String reason(KubernetesClientException e) {
        Optional<String> told = Optional.ofNullable(e.getStatus()).map(status -> status.getMessage());
        String code = e.getCode() == 0 ? "" : e.getCode() + " ";
        return "the cluster's API said " + code + told.orElseGet(() -> String.valueOf(e.getMessage()));
    }

    @Override
    public void close() {
        client.close();
    }
}
