package org.millwright.web.mlflow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.millwright.kernel.Json;
import org.millwright.kernel.OnDatabases;

/** Users and permissions of MLflow's API: who may read, write and share what. */
@ParameterizedClass
@MethodSource("org.millwright.kernel.OnDatabases#each")
final class PermissionsTest {
    private static final String ROOT = basic("root", "the root password");
    private static final String ANA = basic("ana", "ana own password");
    private static final String DAN = basic("dan", "dan own password");

    private final MlflowServer server;

    PermissionsTest(OnDatabases.Maker maker) {
        server = new MlflowServer(maker.make(), true, 1_000);
    }

    @BeforeEach
    void add() {
        server.tracking.users.setUp(Optional.of("root"), Optional.of("the root password"));
        for (String name : new String[] {"ana", "dan"}) {
            assertThat(as(
                                    ROOT,
                                    "POST",
                                    "users/create",
                                    "{'username':'" + name + "','password':'" + name + " own password'}")
                            .status())
                    .isEqualTo(200);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void onlyAdministratorsManageUsers() {
        assertThat(as(ANA, "POST", "users/create", "{'username':'eve','password':'a long password'}"))
                .satisfies(PermissionsTest::isDenied);
        assertThat(as(ANA, "GET", "users/get?username=dan", "")).satisfies(PermissionsTest::isDenied);
        assertThat(as(ANA, "GET", "users/list", "")).satisfies(PermissionsTest::isDenied);
        assertThat(as(ANA, "PATCH", "users/update-admin", "{'username':'ana','is_admin':true}"))
                .satisfies(PermissionsTest::isDenied);
        assertThat(as(ANA, "DELETE", "users/delete", "{'username':'dan'}")).satisfies(PermissionsTest::isDenied);
        JsonNode self = as(ANA, "GET", "users/get?username=ana", "").json().path("user");
        assertThat(self.path("is_admin").asBoolean()).isFalse();
        assertThat(self.path("experiment_permissions").isArray()).isTrue();
        assertThat(as(ROOT, "GET", "users/list", "").json().path("users")).hasSize(3);
        assertThat(as(ROOT, "POST", "users/create", "{'username':'ana','password':'a long password'}")
                        .code())
                .isEqualTo("RESOURCE_ALREADY_EXISTS");
        assertThat(as(ROOT, "DELETE", "users/delete", "{'username':'nobody'}").code())
                .isEqualTo("RESOURCE_DOES_NOT_EXIST");
        assertThat(as(ROOT, "DELETE", "users/delete", "{'username':'dan'}").status())
                .isEqualTo(200);
        assertThat(as(DAN, "GET", "users/current", "").status()).isEqualTo(401);
    }

    @Test
    void othersReadAnExperimentUntilItsOwnerSaysOtherwise() {
        String id = experiment(ANA, "{'name':'e'}");
        String run = run(ANA, id);
        as(ANA, "POST", "logged-models", "{'experiment_id':'" + id + "','source_run_id':'" + run + "'}");
        String metric = "{'run_id':'" + run + "','key':'m','value':1,'timestamp':1}";

        assertThat(as(DAN, "GET", "runs/get?run_id=" + run, "").status()).isEqualTo(200);
        assertThat(as(DAN, "POST", "runs/log-metric", metric)).satisfies(PermissionsTest::isDenied);
        assertThat(as(DAN, "POST", "runs/create", "{'experiment_id':'" + id + "'}"))
                .satisfies(PermissionsTest::isDenied);
        assertThat(as(DAN, "POST", "experiments/permissions/create", grant(id, "EDIT")))
                .satisfies(PermissionsTest::isDenied);

        assertThat(as(ANA, "POST", "experiments/permissions/create", grant(id, "EDIT"))
                        .json()
                        .at("/experiment_permission/permission")
                        .asText())
                .isEqualTo("EDIT");
        assertThat(as(DAN, "POST", "runs/log-metric", metric).status()).isEqualTo(200);
        assertThat(as(DAN, "POST", "runs/delete", "{'run_id':'" + run + "'}")).satisfies(PermissionsTest::isDenied);

        as(ANA, "PATCH", "experiments/permissions/update", grant(id, "NO_PERMISSIONS"));
        for (String path : new String[] {
            "runs/get?run_id=" + run,
            "experiments/get?experiment_id=" + id,
            "experiments/get-by-name?experiment_name=e",
            "artifacts/list?run_id=" + run,
            "metrics/get-history?run_id=" + run + "&metric_key=m",
            "metrics/get-history-bulk?run_id=" + run + "&metric_key=m",
            "metrics/get-history-bulk-interval?run_ids=" + run + "&metric_key=m"
        }) {
            assertThat(as(DAN, "GET", path, "")).as(path).satisfies(PermissionsTest::isDenied);
        }
        for (String spelled : new String[] {id, "0" + id, "+" + id, " " + id}) {
            for (String path : new String[] {"runs/search", "logged-models/search"}) {
                assertThat(as(DAN, "POST", path, "{'experiment_ids':['" + spelled + "']}")
                                .json())
                        .as(path + " " + spelled)
                        .isEqualTo(Json.object());
            }
            assertThat(as(DAN, "POST", "experiments/search-datasets", "{'experiment_ids':['" + spelled + "']}"))
                    .satisfies(PermissionsTest::isDenied);
        }
        assertThat(as(DAN, "POST", "experiments/search", "{'max_results':10}")
                        .json()
                        .findValuesAsText("name"))
                .containsExactly("Default");
        as(ANA, "DELETE", "experiments/permissions/delete", grant(id, ""));
        assertThat(as(DAN, "GET", "runs/get?run_id=" + run, "").status()).isEqualTo(200);
    }

    @Test
    void aVersionIsNoWayToAnotherExperimentsFiles() {
        String id = experiment(ANA, "{'name':'e'}");
        String run = run(ANA, id);
        String file = "/api/2.0/mlflow-artifacts/artifacts/" + id + "/" + run + "/artifacts/secret.txt";
        assertThat(raw(ANA, "PUT", file, "secret").status()).isEqualTo(200);
        assertThat(raw(DAN, "PUT", file, "other").status()).isEqualTo(403);
        as(ANA, "POST", "experiments/permissions/create", grant(id, "NO_PERMISSIONS"));
        as(DAN, "POST", "registered-models/create", "{'name':'trick'}");
        as(
                DAN,
                "POST",
                "model-versions/create",
                "{'name':'trick','source':'mlflow-artifacts:/" + id + "/" + run + "/artifacts'}");

        assertThat(raw(DAN, "GET", file, "").status()).isEqualTo(403);
        assertThat(raw(DAN, "GET", "/get-artifact?path=secret.txt&run_id=" + run, "")
                        .status())
                .isEqualTo(403);
        assertThat(raw(DAN, "GET", "/model-versions/get-artifact?name=trick&version=1&path=secret.txt", "")
                        .status())
                .isIn(403, 404);
        assertThat(raw(DAN, "GET", "/api/2.0/mlflow-artifacts/artifacts?path=" + id, "")
                        .status())
                .isEqualTo(403);
        assertThat(raw(ANA, "GET", file, "").raw().body())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("secret");
    }

    @Test
    void aPlaceOfTheirOwnHidesNoLessOfItsFiles() {
        String id = experiment(ANA, "{'name':'e','artifact_location':'mlflow-artifacts:/own'}");
        String run = run(ANA, id);
        String file = "/api/2.0/mlflow-artifacts/artifacts/own/" + run + "/artifacts/secret.txt";
        assertThat(raw(ANA, "PUT", file, "secret").status()).isEqualTo(200);
        assertThat(raw(DAN, "GET", file, "").status()).isEqualTo(200);
        as(ANA, "POST", "experiments/permissions/create", grant(id, "NO_PERMISSIONS"));
        assertThat(raw(DAN, "GET", file, "").status()).isEqualTo(403);
        assertThat(raw(DAN, "GET", "/api/2.0/mlflow-artifacts/artifacts?path=own/" + run + "/artifacts", "")
                        .status())
                .isEqualTo(403);
        assertThat(raw(ANA, "GET", file, "").status()).isEqualTo(200);
    }

    @Test
    void modelsBelongToTheirMakersAndPagesStayFull() {
        for (int i = 0; i < 6; i++) {
            as(ANA, "POST", "registered-models/create", "{'name':'m" + i + "'}");
            if (i % 2 == 1) {
                as(
                        ANA,
                        "POST",
                        "registered-models/permissions/create",
                        "{'name':'m" + i + "','username':'dan','permission':'NO_PERMISSIONS'}");
            }
        }
        JsonNode page =
                as(DAN, "GET", "registered-models/search?max_results=2", "").json();
        assertThat(page.findValuesAsText("name")).containsExactly("m0", "m2");
        JsonNode rest = as(
                        DAN,
                        "GET",
                        "registered-models/search?max_results=2&page_token="
                                + page.path("next_page_token").asText().replace("=", "%3D"),
                        "")
                .json();
        assertThat(rest.findValuesAsText("name")).containsExactly("m4");
        assertThat(as(DAN, "GET", "registered-models/get?name=m1", "")).satisfies(PermissionsTest::isDenied);
        assertThat(as(DAN, "DELETE", "registered-models/delete", "{'name':'m0'}"))
                .satisfies(PermissionsTest::isDenied);
        assertThat(as(DAN, "POST", "registered-models/set-tag", "{'name':'m0','key':'k','value':'v'}"))
                .satisfies(PermissionsTest::isDenied);
        as(ANA, "POST", "registered-models/permissions/create", "{'name':'m0','username':'dan','permission':'EDIT'}");
        assertThat(as(DAN, "POST", "registered-models/set-tag", "{'name':'m0','key':'k','value':'v'}")
                        .status())
                .isEqualTo(200);
        as(ANA, "POST", "registered-models/rename", "{'name':'m0','new_name':'n0'}");
        assertThat(as(DAN, "POST", "registered-models/set-tag", "{'name':'n0','key':'k','value':'w'}")
                        .status())
                .isEqualTo(200);
        as(ANA, "DELETE", "registered-models/delete", "{'name':'n0'}");
        assertThat(as(ROOT, "GET", "registered-models/permissions/get?name=n0&username=dan", "")
                        .message())
                .contains("name=n0 and username=dan not found");
    }

    @Test
    void webhooksAreForOperators() {
        assertThat(as(ANA, "GET", "webhooks", "")).satisfies(PermissionsTest::isDenied);
        assertThat(as(ROOT, "GET", "webhooks", "").status()).isEqualTo(200);
    }

    private static String grant(String experiment, String level) {
        return "{'experiment_id':'" + experiment + "','username':'dan','permission':'" + level + "'}";
    }

    private static void isDenied(MlflowServer.Answer answer) {
        assertThat(answer.status()).as(answer.message()).isEqualTo(403);
        assertThat(answer.code()).isEqualTo("PERMISSION_DENIED");
        assertThat(answer.message()).contains("Permission denied").doesNotContain("\n");
    }

    private String experiment(String who, String json) {
        return as(who, "POST", "experiments/create", json)
                .json()
                .path("experiment_id")
                .asText();
    }

    private String run(String who, String experiment) {
        return as(who, "POST", "runs/create", "{'experiment_id':'" + experiment + "'}")
                .json()
                .at("/run/info/run_id")
                .asText();
    }

    private MlflowServer.Answer as(String who, String method, String path, String json) {
        return raw(who, method, "/api/2.0/mlflow/" + path, json.replace('\'', '"'));
    }

    private MlflowServer.Answer raw(String who, String method, String path, String body) {
        var request = HttpRequest.newBuilder(URI.create(server.url() + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .header("Authorization", who);
        if (body.startsWith("{")) {
            request.header("Content-Type", "application/json");
        }
        return server.send(request.build());
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }
}
