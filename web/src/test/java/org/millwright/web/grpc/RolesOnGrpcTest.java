package org.millwright.web.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.web.oip.ScoringServer;

/** Every method of the real gRPC server, called by every role; one that is not in the table fails. */
final class RolesOnGrpcTest {
    /** What a method asks for; empty where nobody need say who they are, READ where everyone with a role may. */
    private static final Map<String, Optional<Permission>> NEEDS = Map.of(
            "ServerLive", Optional.empty(),
            "ServerReady", Optional.empty(),
            "ServerMetadata", Optional.empty(),
            "ModelReady", Optional.of(Permission.READ),
            "ModelMetadata", Optional.of(Permission.READ),
            "ModelInfer", Optional.of(Permission.SCORE));

    private static final List<String> NAMED = List.of("ServerMetadata");

    @TempDir
    Path folder;

    @Test
    void everyMethodAsksEveryRole() {
        try (var server = new ScoringServer(folder, true)) {
            List<String> methods = server.grpc().methods().stream()
                    .map(name -> name.substring(name.indexOf('/') + 1))
                    .toList();
            assertThat(methods)
                    .as("say in NEEDS what each method asks for")
                    .containsExactlyInAnyOrderElementsOf(NEEDS.keySet());
            var channel = Calls.channel(server.grpcPort());
            for (Role role : Role.BUILT_IN) {
                String token = role.equals(Role.LOCAL_OWNER)
                        ? server.token("stranger")
                        : server.token("a-" + role.text(), role);
                boolean stranger = role.equals(Role.LOCAL_OWNER);
                for (String method : methods) {
                    String what = method + " by " + (stranger ? "nobody in particular" : role.text());
                    byte[] message = method.equals("ModelInfer")
                            ? Calls.row("delays")
                            : new Message()
                                    .text(1, method.startsWith("Model") ? "delays" : "")
                                    .toBytes();
                    boolean may = NEEDS.get(method)
                            .map(needed -> !stranger && role.allows(needed))
                            .orElse(true);
                    if (may) {
                        assertThatCode(() -> Calls.call(channel, "Bearer " + token, method, message))
                                .as(what)
                                .doesNotThrowAnyException();
                    } else {
                        assertThat(Calls.refusal(channel, "Bearer " + token, method, message)
                                        .getCode())
                                .as(what)
                                .isEqualTo(stranger ? Status.Code.NOT_FOUND : Status.Code.PERMISSION_DENIED);
                    }
                    boolean open = NEEDS.get(method).isEmpty() && !NAMED.contains(method);
                    if (!open) {
                        assertThat(Calls.refusal(channel, null, method, message).getCode())
                                .as(method + " by who does not say who they are")
                                .isEqualTo(Status.Code.UNAUTHENTICATED);
                    }
                }
            }
            channel.shutdownNow();
        }
    }
}
