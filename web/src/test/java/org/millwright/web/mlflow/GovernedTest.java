package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.approval.Approval;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.OnDatabases;

/** A project's model: everything is free but the names that the project protects. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class GovernedTest {
    private static final PythonClient PYTHON = PythonClient.make();

    private final MlflowServer server;
    private Actor ana = Actor.LOCAL;
    private Actor mia = Actor.LOCAL;
    private String token = "";

    GovernedTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), true, 1_000_000);
    }

    @BeforeEach
    void govern() {
        ana = person("ana", Role.DATA_SCIENTIST);
        mia = person("mia", Role.APPROVER);
        token = server.tracking.users.issueToken(Actor.SYSTEM, "ana", "test", Duration.ofHours(1));
        server.projects.request(ana, """
                apiVersion: millwright/v1
                kind: Project
                name: delays
                purpose: Tell how late a flight will arrive.
                owner: ana
                risk-tier: low
                data:
                  - {name: flights, classification: public, source: the airport}
                environment: {python: "3.11", requirements: requirements.in, lock: requirements.lock, threads: 2}
                model: {name: delays, task: regression, label: delay, id: flight, time: event_time}
                members: {ana: [data-scientist], mia: [approver]}
                release: {protect: [champion, Production, gold]}
                """);
        server.projects.approve(mia, "delays", "fine");
        server.models.create(ana, "delays", Optional.empty(), Map.of(), Optional.of("delays"));
        server.models.create(ana, "free", Optional.empty(), Map.of(), Optional.empty());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private Actor person(String name, Role role) {
        server.tracking.users.add(Actor.SYSTEM, name, "", Actor.Kind.PERSON, Set.of(role), "a long password");
        return server.tracking.users.byPassword(name, "a long password");
    }

    @Test
    void theRealClientIsToldOnceAndOnePersonDecides() {
        var environment = Map.of(
                "MLFLOW_TRACKING_URI", server.url(), "MLFLOW_TRACKING_TOKEN", token, "INBOX", server.url() + "/inbox");
        assertThat(PYTHON.run("governed.py", environment)).endsWith("all done\n");

        List<Approval> asked = server.approvals.ofProject("delays");
        assertThat(asked.stream().filter(each -> each.state() == Approval.State.PENDING))
                .extracting(Approval::subject)
                .containsExactlyInAnyOrder("alias:delays@champion", "alias:delays@Production");
        assertThat(server.models.get(mia, "delays").aliases()).containsOnlyKeys("challenger");
        assertThat(server.models.get(mia, "free").aliases()).containsEntry("champion", 1L);

        server.inbox.decide(mia, "alias:delays@champion", true, "looks right");
        assertThat(server.models.get(mia, "delays").aliases()).containsEntry("champion", 1L);
        assertThat(send("POST", "registered-models/alias", "{'name':'delays','alias':'champion','version':'1'}"))
                .isEqualTo(200);
        assertThat(send("DELETE", "registered-models/alias", "{'name':'delays','alias':'champion'}"))
                .isEqualTo(403);
        assertThat(send("DELETE", "model-versions/delete", "{'name':'delays','version':'1'}"))
                .isEqualTo(403);
        assertThat(send("DELETE", "registered-models/delete", "{'name':'delays'}"))
                .isEqualTo(403);
        assertThat(send("POST", "registered-models/rename", "{'name':'delays','new_name':'x'}"))
                .isEqualTo(403);
    }

    @Test
    void aRequestForAnotherVersionTakesThePlaceOfTheOneThatWaits() {
        for (int i = 0; i < 2; i++) {
            send("POST", "model-versions/create", "{'name':'delays','source':'s3://b/" + i + "'}");
        }
        assertThat(send("POST", "registered-models/alias", "{'name':'delays','alias':'champion','version':'1'}"))
                .isEqualTo(403);
        assertThat(send("POST", "registered-models/alias", "{'name':'delays','alias':'champion','version':'2'}"))
                .isEqualTo(403);
        assertThat(server.approvals.about("alias:delays@champion"))
                .extracting(Approval::state)
                .containsExactly(Approval.State.VOID, Approval.State.PENDING);
    }

    private int send(String method, String path, String json) {
        return server.call(
                        method,
                        "/api/2.0/mlflow/" + path,
                        Optional.of(json.replace('\'', '"').getBytes()),
                        token)
                .status();
    }
}
