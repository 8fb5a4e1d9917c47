package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.ReadyModel;
import org.millwright.scorer.Scorer;
import org.millwright.scorer.ScorerBuilder;
import org.millwright.scoring.ObjectStore;
import org.millwright.serving.TestBundles;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A released version goes to where applications find it that do not reach the server. */
class PublishTest {
    @TempDir
    Path folder;

    private Map<String, String> tokens = Map.of();

    @Test
    void applicationsScoreWithWhatIsPublished() {
        tokens = ReadyModel.in(folder.resolve("server"), 2);
        ReadyModel.certify(folder.resolve("server"), Duration.ofDays(60));
        try (var terminal = new Terminal(folder);
                var store = new ObjectStore()) {
            as(terminal, "ana", "release", "delays/1");
            String ref = as(terminal, "mia", "inbox", "-o", "name").out().strip();
            assertThat(as(terminal, "mia", "approve", ref, "--reason", "Better").exit())
                    .isZero();

            Terminal.Result shelf = terminal.mw("publish", "delays/1", "--to", "shop", "-o", "json");
            assertThat(shelf.exit()).as(shelf.err()).isZero();
            assertThat(shelf.json().path("archive").asText()).hasSize(64);
            scores(Scorer.of("models:/delays/1").file(folder.resolve("shop")));

            bucket(store);
            String[] there = {"--to", "s3://models/team", "--endpoint", store.endpoint()};
            Terminal.Result kept = terminal.mw("publish", "delays/1", there[0], there[1], there[2], there[3]);
            assertThat(kept.exit()).as(kept.err()).isZero();
            scores(Scorer.of("models:/delays/1").store(there[1]).endpoint(there[3]));

            assertThat(terminal.mw("history", "model:delays/1").out())
                    .contains("published", "s3://models/team", "shop");

            refused(terminal.mw("publish", "delays/2", "--to", "shop"), Exit.REFUSED, "No approved release covers");
            refused(terminal.mw("publish", "delays", "--to", "shop"), Exit.USAGE, "expected: MODEL@ALIAS");
            refused(terminal.mw("publish", "delays/1", "--to", "ftp://x"), Exit.USAGE, "expected: a folder or s3://");
            refused(
                    terminal.mw("publish", "delays/1", "--to", "s3://nobody", there[2], there[3]),
                    Exit.UNREACHABLE,
                    "s3://nobody/delays/");
        }
    }

    private static void bucket(ObjectStore store) {
        try (S3Client client = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .endpointOverride(URI.create(store.endpoint()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .build()) {
            client.createBucket(request -> request.bucket("models"));
        }
    }

    private static void refused(Terminal.Result result, int exit, String why) {
        assertThat(result.err()).contains(why);
        assertThat(result.exit()).isEqualTo(exit);
    }

    private void scores(ScorerBuilder builder) {
        try (Scorer scorer =
                builder.trust(folder.resolve("server/keys/bundles.pem.pub")).open()) {
            assertThat(scorer.score(TestBundles.rows()).numbers())
                    .containsExactly(TestBundles.expected(), within(0.001));
            assertThat(scorer.state().validUntil()).isPresent();
        }
    }

    private Terminal.Result as(Terminal terminal, String person, String... arguments) {
        return Terminal.mw(
                Map.of("MW_SERVER", terminal.url(), "MW_TOKEN", tokens.getOrDefault(person, "")), folder, arguments);
    }
}
