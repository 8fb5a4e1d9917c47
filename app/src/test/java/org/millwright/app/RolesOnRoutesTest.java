package org.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.notification.NotificationSettings;
import org.millwright.web.RouteRules;
import org.millwright.web.RouteRules.Rule;
import org.millwright.web.WebSettings;

/**
 * Every route of the real server, asked by every role: what {@code routes.txt} says is denied is denied before anything else is
 * looked at, what it allows is not. A route that is not in the file fails with the line to add.
 */
final class RolesOnRoutesTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** Who may nearly everything, but in another project. */
    private static final String STRANGER = "a-stranger";

    /** Its 401 says that the name or the password is wrong. */
    private static final String SIGN_IN = "POST /sign-in";

    @TempDir
    private static Path folder;

    private static Millwright server;
    private static final Map<String, Caller> CALLERS = new LinkedHashMap<>();

    /** What the paths' parts in braces stand for: things that are there. */
    private static final Map<String, String> PARTS = new TreeMap<>();

    /** Somebody with one role, or none. */
    private record Caller(String name, Optional<Role> role, String token) {
        boolean has(Permission permission) {
            return role.filter(held -> held.allows(permission)).isPresent();
        }
    }

    @BeforeAll
    static void start() {
        Path data = folder.resolve("server");
        Map<String, String> tokens = ReadyModel.in(data, 1);
        var embedded = Settings.embedded(data, 0);
        server = Millwright.start(
                new Settings(
                        embedded.data(),
                        embedded.shared(),
                        new WebSettings("127.0.0.1", 0, true, Set.of()),
                        embedded.database(),
                        embedded.compatibility(),
                        false,
                        Optional.empty(),
                        embedded.workers(),
                        embedded.kubernetes(),
                        Map.of(),
                        NotificationSettings.DEFAULT,
                        embedded.anchors()),
                Clock.systemUTC());
        release(tokens);
        for (Role role : Role.BUILT_IN) {
            if (!role.equals(Role.LOCAL_OWNER)) {
                add("a-" + role.text(), Optional.of(role));
            }
        }
        add("a-nobody", Optional.empty());
        add(STRANGER, Optional.empty());
        server.users().grant(Actor.SYSTEM, STRANGER, Role.ML_ENGINEER, Optional.of("elsewhere"));
        server.users().grant(Actor.SYSTEM, STRANGER, Role.APPROVER, Optional.of("elsewhere"));
        server.users().roles().add(Actor.SYSTEM, "role-to-go", "", Set.of(Permission.READ));
        server.users().add(Actor.SYSTEM, "user-to-go", "", Actor.Kind.PERSON, Set.of(), null);
        PARTS.putAll(Map.of("name", "delays", "model", "delays", "version", "1", "user", "user-to-go"));
    }

    /** Brings the version on its way into production, so that its deployment is there. */
    private static void release(Map<String, String> tokens) {
        String url = "http://127.0.0.1:" + server.port() + "/api/1/";
        String asked = send(HttpRequest.newBuilder(URI.create(url + "releases"))
                        .header("Authorization", "Bearer " + tokens.get("ana"))
                        .POST(BodyPublishers.ofString("{\"model\": \"delays\", \"version\": 1}")))
                .body();
        String decision = Json.object()
                .put("ref", Json.parse(asked).path("ref").asText())
                .put("reason", "It is the first")
                .toString();
        send(HttpRequest.newBuilder(URI.create(url + "decisions"))
                .header("Authorization", "Bearer " + tokens.get("mia"))
                .POST(BodyPublishers.ofString(decision)));
        var there = HttpRequest.newBuilder(URI.create(url + "deployments/delays"))
                .header("Authorization", "Bearer " + tokens.get("ana"));
        int asks = 0;
        while (send(there).statusCode() != 200) {
            if (++asks > 5_000) {
                throw new IllegalStateException("the release did not become a deployment: " + asked);
            }
        }
    }

    private static void add(String name, Optional<Role> role) {
        server.users()
                .add(
                        Actor.SYSTEM,
                        name,
                        "",
                        Actor.Kind.PERSON,
                        role.map(Set::of).orElse(Set.of()),
                        null);
        String token = server.users().issueToken(Actor.SYSTEM, name, "test", Duration.ofHours(1));
        CALLERS.put(name, new Caller(name, role, token));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void everyRouteAsksEveryRole() {
        Set<String> table = RouteTable.of(server.adapters().routes());
        Map<String, Rule> rules = RouteRules.read().all();
        var wrong = new ArrayList<String>();
        for (String route : new TreeSet<>(rules.keySet())) {
            if (!table.contains(route)) {
                wrong.add(route + " is no route any more: take its line out of routes.txt");
            }
        }
        for (String route : table) {
            if (!rules.containsKey(route)) {
                wrong.add("add to routes.txt who may: " + route + " = …   (observed: " + observed(route) + ")");
            }
        }
        assertThat(wrong).isEmpty();
        long before = server.ledgerSize();
        table.forEach(route -> denied(route, rules.get(route), wrong));
        if (server.ledgerSize() != before) {
            wrong.add(
                    "denied requests changed something: " + (server.ledgerSize() - before) + " entries of the ledger");
        }
        table.forEach(route -> allowed(route, rules.get(route), wrong));
        assertThat(wrong).isEmpty();
    }

    /** Whether a caller may be told that nothing is there: it may not even read it. */
    private static boolean isHidden(Rule rule, Caller caller) {
        return rule.inRoom() && !caller.has(Permission.READ);
    }

    private static boolean allows(Rule rule, Caller caller) {
        return rule.open() || rule.any().isEmpty() || rule.any().stream().anyMatch(caller::has);
    }

    private static void denied(String route, Rule rule, List<String> wrong) {
        Caller anonymous = new Caller("nobody", Optional.empty(), "");
        int status = ask(anonymous, route);
        if (rule.open() ? status == 401 && !route.equals(SIGN_IN) : status != 401 && status != 303) {
            wrong.add(route + " answers " + status + " to who does not say who they are");
        }
        boolean changes = !route.startsWith("GET ") && !rule.reads();
        for (Caller caller : CALLERS.values()) {
            if (changes && caller.role().equals(Optional.of(Role.AUDITOR)) && allows(rule, caller)) {
                wrong.add(route + " lets an auditor change something");
            }
            if (!allows(rule, caller) && caller.name().equals(STRANGER)) {
                stranger(route, rule, caller, wrong);
            } else if (!allows(rule, caller)) {
                int refused = ask(caller, route);
                if (refused != 403 && !(isHidden(rule, caller) && refused == 404)) {
                    wrong.add(route + " answers " + refused + " to " + caller.name() + " (expected: 403)");
                }
            }
        }
    }

    /** What may be done elsewhere is not done here: it is denied or hidden, or what was sent names nothing. */
    private static void stranger(String route, Rule rule, Caller caller, List<String> wrong) {
        int status = ask(caller, route);
        boolean refused = status == 403 || status == 404 || !route.startsWith("GET ") && status / 100 == 4;
        if (!refused) {
            wrong.add(route + " answers " + status + " to " + caller.name() + " (expected: 403 or 404)");
        }
    }

    private static void allowed(String route, Rule rule, List<String> wrong) {
        for (Caller caller : CALLERS.values()) {
            if (allows(rule, caller)) {
                int status = ask(caller, route);
                boolean unknown = status == 401 && !route.equals(SIGN_IN);
                if (unknown || status == 403 || status >= 500 && status != 501 && status != 503) {
                    wrong.add(route + " answers " + status + " to " + caller.name() + ", who may");
                }
            }
        }
    }

    private static String observed(String route) {
        return CALLERS.values().stream()
                .collect(Collectors.groupingBy(
                        caller -> ask(caller, route),
                        TreeMap::new,
                        Collectors.mapping(caller -> caller.name().substring(2), Collectors.joining(" "))))
                .toString();
    }

    private static int ask(Caller caller, String route) {
        int space = route.indexOf(' ');
        String method = route.substring(0, space);
        var request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + path(route.substring(space + 1))))
                .timeout(Duration.ofSeconds(30));
        boolean page = !route.contains("/api/") && !route.contains("/v2/") && !route.contains("invocations");
        request.header("Content-Type", page ? "application/x-www-form-urlencoded" : "application/json");
        if (!caller.token().isEmpty()) {
            request.header("Authorization", "Bearer " + caller.token());
        }
        String sent = page && !caller.token().isEmpty() ? "token=" + form(caller) : "{}";
        boolean sends = !method.equals("GET") && !method.equals("ANY");
        request.method(method.equals("ANY") ? "GET" : method, BodyPublishers.ofString(sends ? sent : ""));
        return send(request).statusCode();
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a page of ours would have put into its form. */
    private static String form(Caller caller) {
        return server.adapters().forms().token(server.users().get(caller.name()).actor());
    }

    /** The path with each part in braces replaced by something that is there. */
    private static String path(String template) {
        String path = template.replace("*", "x");
        if (path.startsWith("/api/1/users/{name}")) {
            path = path.replace("{name}", "user-to-go").replace("{role}", "scorer");
        }
        if (path.startsWith("/api/1/roles/{name}")) {
            path = path.replace("{name}", "role-to-go");
        }
        for (var part : PARTS.entrySet()) {
            path = path.replace("{" + part.getKey() + "}", part.getValue());
        }
        return path.replaceAll("\\{[^}]*\\}", "x");
    }
}
