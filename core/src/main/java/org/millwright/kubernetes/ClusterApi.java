package org.millwright.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of one namespace of a cluster, of the kinds that Millwright makes. */
public interface ClusterApi extends AutoCloseable {
    /** What is not done by the cluster; the message says why. */
    final class Failed extends IOException {
        private static final long serialVersionUID = 1L;

        public Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** All objects with these labels. */
    List<ObjectNode> list(Map<String, String> labels) throws Failed;

    /** The object of that kind and name, whoever made it. */
    Optional<ObjectNode> find(Kind kind, String name) throws Failed;

    /** Makes an object that is not there. */
    void create(ObjectNode object) throws Failed;

    /** Puts the object in the place of the one that was read before; fails when that one has changed since. */
    void replace(ObjectNode object) throws Failed;

    void delete(Kind kind, String name) throws Failed;

    @Override
    void close();

    /** The kinds in the order in which they are made. */
    enum Kind {
        SERVICE_ACCOUNT("v1", "ServiceAccount"),
        SERVICE("v1", "Service"),
        NETWORK_POLICY("networking.k8s.io/v1", "NetworkPolicy"),
        DEPLOYMENT("apps/v1", "Deployment"),
        POD_DISRUPTION_BUDGET("policy/v1", "PodDisruptionBudget"),
        HORIZONTAL_POD_AUTOSCALER("autoscaling/v2", "HorizontalPodAutoscaler");

        private final String apiVersion;
        private final String kind;

        Kind(String apiVersion, String kind) {
            this.apiVersion = apiVersion;
            this.kind = kind;
        }

        public String apiVersion() {
            return apiVersion;
        }

        /** As manifests call it. */
        public String kind() {
            return kind;
        }

        public static Kind of(ObjectNode object) {
            for (Kind each : values()) {
                if (each.kind.equals(object.path("kind").asText())) {
                    return each;
                }
            }
            throw new IllegalArgumentException("no kind of ours: " + object.path("kind"));
        }
    }
}
