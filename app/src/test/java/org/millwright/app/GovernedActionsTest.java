package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.millwright.serving.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.GovernedAction;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;

/** Every governed action by every way that leads to one, under a policy that denies, that warns, and under none. */
class GovernedActionsTest {
    private static final String DENY = """
            apiVersion: millwright/v1
            kind: Policy
            name: freeze
            description: Nothing moves while the auditors are here.
            mode: enforce
            applies-to:
              actions: [register, alias, stage, deploy, traffic, promote, auto-promote, delete, export]
            requirements:
              - {name: auditors-gone, check: request.by == "nobody", remedy: Ask the owner of PROJECT about MODEL.}
              - {name: scanned, check: scans.critical == 0, remedy: Scan MODEL/VERSION.}
            """;

    private static final String MLFLOW = "2.0/mlflow/";

    @TempDir
    Path folder;

    private PullServer server;

    @BeforeEach
    void serve() {
        server = new PullServer(folder, 3);
        server.add("eng", Role.ML_ENGINEER);
        server.add("chief", Set.of(Role.ADMIN, Role.DATA_SCIENTIST));
        server.release(1);
        await(() -> server.get("ana", "deployments/delays").body().contains("\"percent\":"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void publish(String text, String digestOf) {
        JsonNode version = server.post("ben", "policies", Json.object().put("file", text));
        var activate =
                Json.object().put("digest", version.path("digest").asText()).put("reason", digestOf);
        assertThat(server.ask("ben", "1/policies/freeze/activate", activate).statusCode())
                .as("who published it cannot put it in force")
                .isEqualTo(403);
        server.post("mia", "policies/freeze/activate", activate);
    }

    /** One way to a governed action. */
    private record Way(String kind, String who, String method, String path, ObjectNode body) {}

    private static ObjectNode body(String json) {
        return (ObjectNode) Json.parse(json.replace('\'', '"'));
    }

    private static List<Way> ways(String loggedModel) {
        String model = "{'name': 'delays', ";
        return List.of(
                new Way(
                        "register",
                        "ana",
                        "POST",
                        MLFLOW + "model-versions/create",
                        body(model + "'source': 's3://b/x'}")),
                new Way(
                        "alias",
                        "ana",
                        "POST",
                        MLFLOW + "registered-models/alias",
                        body(model + "'alias': 'gold', 'version': '2'}")),
                new Way(
                        "stage",
                        "ana",
                        "POST",
                        MLFLOW + "model-versions/transition-stage",
                        body(model + "'version': '2', 'stage': 'Staging'}")),
                new Way("delete", "ana", "DELETE", MLFLOW + "model-versions/delete", body(model + "'version': '2'}")),
                new Way("delete", "ana", "DELETE", MLFLOW + "registered-models/delete", body("{'name': 'delays'}")),
                new Way("delete", "ana", "POST", MLFLOW + "registered-models/rename", body(model + "'new_name': 'x'}")),
                new Way("delete", "chief", "DELETE", MLFLOW + "logged-models/" + loggedModel, body("{}")),
                new Way(
                        "delete",
                        "ana",
                        "DELETE",
                        "2.0/mlflow-artifacts/artifacts/0/models/" + loggedModel + "/artifacts/MLmodel",
                        body("{}")),
                new Way(
                        "traffic",
                        "eng",
                        "POST",
                        "1/deployments/delays/canary",
                        body("{'percent': 10, 'minRequests': 5}")),
                new Way("promote", "eng", "POST", "1/deployments/delays/promote", body("{}")),
                new Way("export", "app", "GET", "1/models/delays/versions/1/bundle", body("{}")),
                new Way(
                        "export",
                        "app",
                        "POST",
                        "1/models/delays/publications",
                        body("{'version': '1', 'as': 'x', 'place': 'shelf'}")));
    }

    private List<JsonNode> decisions() {
        HttpResponse<String> answer = server.get("ben", "gates?policy=freeze&limit=200");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return StreamSupport.stream(Json.parse(answer.body()).path("decisions").spliterator(), false)
                .toList();
    }

    private void actionsOfTheFactory() {
        for (int i = 0; i < 6; i++) {
            server.score();
        }
        await(() -> decisions().stream()
                .anyMatch(each -> each.path("action").asText().equals("auto-promote")));
        server.release(2);
        await(() -> decisions().stream()
                .anyMatch(each -> each.path("action").asText().equals("deploy")));
        await(() ->
                server.get("ana", "releases").body().contains("Policy refuses deploy of model:delays/2 to delays-2"));
    }

    @Test
    void nothingPassesAPolicyThatDenies() {
        String loggedModel = loggedModel();
        publish(DENY, "for the audit");
        actionsOfTheFactory();
        for (Way way : ways(loggedModel)) {
            HttpResponse<String> answer = server.ask(way.who(), way.method(), way.path(), way.body());
            assertThat(answer.statusCode()).as(way + ": " + answer.body()).isBetween(400, 499);
            assertThat(answer.body())
                    .as(way.toString())
                    .contains("Policy refuses " + way.kind() + " of model:delays", "2 requirements are not met")
                    .contains("auditors-gone (freeze)", "Ask the owner of delays about delays.")
                    .contains("scanned (freeze)", "could not be decided");
        }
        assertThat(decisions().stream()
                        .map(each -> each.path("action").asText())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(GovernedAction.Kind.texts());
        approvedYetRefused();
        explained();
        read();
        HttpResponse<String> back = server.ask("eng", "1/deployments/delays/rollback", body("{'reason': 'enough'}"));
        assertThat(back.statusCode())
                .as("the way back is never refused: " + back.body())
                .isEqualTo(200);
        warnedOf();
        retired();
    }

    private String loggedModel() {
        return Json.parse(server.ask("ana", "GET", MLFLOW + "model-versions/get?name=delays&version=3", body("{}"))
                        .body())
                .at("/model_version/model_id")
                .asText();
    }

    /** Each decision comes out the same when it is judged again, and is in the ledger. */
    private void explained() {
        var refs = new TreeSet<String>();
        for (JsonNode decision : decisions()) {
            String ref = decision.path("ref").asText();
            JsonNode again = Json.parse(
                    server.get("ben", "gates/" + ref.substring(5) + "/explain").body());
            assertThat(again.path("same").asBoolean())
                    .as(again.toPrettyString())
                    .isTrue();
            assertThat(again.path("outcome").asText()).isEqualTo("refused");
            refs.add(ref);
        }
        String ledger = server.get("ben", "ledger?about=policy:freeze").body();
        assertThat(refs).allSatisfy(ref -> assertThat(ledger).contains(ref));
        assertThat(ledger).contains("policy.published", "policy.activated", "gate.refused");
    }

    /** Who moves a protected name by an approval is told of the policy, and the approval waits on. */
    private void approvedYetRefused() {
        var alias = Json.object().put("name", "delays").put("alias", "champion").put("version", "3");
        assertThat(server.ask("ana", MLFLOW + "registered-models/alias", alias).body())
                .contains("needs an approval");
        var decision = Json.object().put("ref", "alias:delays@champion").put("reason", "fine");
        HttpResponse<String> answer = server.ask("mia", "1/decisions", decision);
        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(answer.body()).contains("Policy refuses alias of model:delays/3 to champion");
        assertThat(server.get("mia", "inbox").body()).contains("alias:delays@champion");
        await(() -> decisions().stream()
                .anyMatch(each -> each.path("target").asText().equals("champion")));
    }

    /** The pages show what is in force and why something was refused. */
    private void read() {
        assertThat(server.page("ben", "/policies")).contains("5 policies are in force", "tier-high", "freeze");
        assertThat(server.page("ben", "/policies/freeze"))
                .contains("Nothing moves while the auditors are here", "auditors-gone", "for the audit", "in force");
        String id = decisions().getLast().path("ref").asText().substring("gate:".length());
        assertThat(server.page("ben", "/gates/" + id))
                .contains(
                        "requirements were not met",
                        "nothing is known of scans",
                        "it comes out the same",
                        "Scan delays/");
    }

    private void warnedOf() {
        publish(DENY.replace("enforce", "warn"), "they are gone");
        Way alias = ways("").get(1);
        assertThat(server.ask(alias.who(), alias.method(), alias.path(), alias.body())
                        .statusCode())
                .isEqualTo(200);
        assertThat(decisions().getFirst().path("outcome").asText()).isEqualTo("warned");
        JsonNode tried = Json.parse(server.send(
                        "ben",
                        "policies/dry-run",
                        Json.object().put("file", DENY).toString())
                .body());
        assertThat(tried.path("tried"))
                .isNotEmpty()
                .allMatch(each -> each.path("stopped").asBoolean());
    }

    private void retired() {
        int before = decisions().size();
        server.post("ben", "policies/freeze/retire", Json.object().put("reason", "not needed"));
        Way delete = ways("").get(3);
        HttpResponse<String> deleted = server.ask(delete.who(), delete.method(), delete.path(), delete.body());
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
        assertThat(decisions()).hasSize(before);
    }
}
