package org.millwright.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.TestModels;

/** A scorer whose bundle lies behind a plain address, as in an object store. */
class AddressTest {
    @TempDir
    Path folder;

    private final List<Integer> statuses = new ArrayList<>();
    private SignedBundles bundles;
    private HttpServer store;
    private volatile byte[] object = {};
    private volatile String tag = "";
    private volatile int fault;

    @BeforeEach
    void serve() throws IOException {
        bundles = new SignedBundles(folder);
        store = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        store.createContext("/", this::answer);
        store.start();
    }

    @AfterEach
    void stop() {
        store.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = fault > 0
                    ? fault
                    : !tag.isEmpty() && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match")) ? 304 : 200;
            statuses.add(status);
            if (!tag.isEmpty()) {
                exchange.getResponseHeaders().set("ETag", tag);
            }
            byte[] body = status == 200 ? object : "<Error>no</Error>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, status == 304 ? -1 : body.length);
            if (status != 304) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private ScorerBuilder scorer() {
        return Scorer.of("models:/delays@champion")
                .address("http://127.0.0.1:" + store.getAddress().getPort() + "/models/delays.zip?signature=secret")
                .trust(bundles.key.trusted());
    }

    @Test
    void fetchesOnlyWhatChanged() throws IOException {
        object = Files.readAllBytes(bundles.version("1"));
        tag = "\"a\"";
        try (Scorer scorer = scorer().open()) {
            assertThat(scorer.refresh().isFine()).isTrue();
            object = Files.readAllBytes(bundles.version("2"));
            tag = "\"b\"";
            assertThat(scorer.refresh().version()).isEqualTo("2");
            tag = "";
            assertThat(scorer.refresh().version()).isEqualTo("2");
            assertThat(scorer.score(TestModels.mixedRows()).version()).isEqualTo("2");
        }
        assertThat(statuses).containsExactly(200, 304, 200, 200);
    }

    @Test
    void anAlteredOrCutArchiveIsKeptOut() throws IOException {
        object = Files.readAllBytes(bundles.version("1"));
        try (Scorer scorer = scorer().open()) {
            object = Files.readAllBytes(bundles.version("2"));
            for (int at = 60; at < object.length; at += object.length / 7) {
                byte[] sent = object;
                object = sent.clone();
                object[at] ^= 1;
                ScorerState state = scorer.refresh();
                assertThat(state.version()).isEqualTo("1");
                assertThat(state.isFine()).as("byte " + at).isFalse();
                object = sent;
            }
            byte[] whole = object;
            object = java.util.Arrays.copyOf(object, object.length / 2);
            tag = "\"2\"";
            assertThat(scorer.refresh().isFine()).isFalse();
            assertThat(scorer.score(TestModels.mixedRows()).version()).isEqualTo("1");
            object = whole;
            ScorerState state = scorer.refresh();
            assertThat(state.version())
                    .as("what was cut on its way comes again")
                    .isEqualTo("2");
            assertThat(state.isFine()).isTrue();
        }
    }

    @Test
    void refusalsAndFaultsAreToldWithoutTheSignature() throws IOException {
        fault = 403;
        assertThatThrownBy(() -> scorer().open())
                .hasMessageContaining("/models/delays.zip answered 403")
                .message()
                .doesNotContain("secret");
        fault = 0;
        object = Files.readAllBytes(bundles.version("1"));
        try (Scorer scorer = scorer().open()) {
            fault = 503;
            assertThat(scorer.refresh().problem().orElseThrow()).contains("answered 503");
            store.stop(0);
            assertThat(scorer.refresh().problem().orElseThrow()).contains("cannot be reached");
            assertThat(scorer.score(TestModels.mixedRows()).version()).isEqualTo("1");
        }
    }
}
