package org.millwright.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.scoring.ObjectStore;
import org.millwright.scoring.TestModels;
import org.millwright.scoring.bundle.Pointer;
import org.millwright.scoring.signing.SigningKey;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A model in an object store, spoken to as S3. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class S3SourceTest {
    @TempDir
    static Path folder;

    private ObjectStore store;
    private S3Client client;
    private SignedBundles bundles;

    @BeforeAll
    void serve() {
        bundles = new SignedBundles(folder);
        store = new ObjectStore();
        client = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.create())
                .endpointOverride(URI.create(store.endpoint()))
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .build();
        client.createBucket(request -> request.bucket("models"));
    }

    @AfterAll
    void stop() {
        client.close();
        store.close();
    }

    private void publish(String prefix, String version) throws Exception {
        Path archive = bundles.version(version);
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive)));
        put(prefix + "/delays/" + sha256 + ".zip", RequestBody.fromFile(archive));
        var pointer = new Pointer("delays", version, "champion", sha256, Instant.EPOCH, Optional.empty());
        put(prefix + "/delays/champion.json", RequestBody.fromString(pointer.sign(bundles.key)));
    }

    private void put(String key, RequestBody body) {
        client.putObject(request -> request.bucket("models").key(key), body);
    }

    private ScorerBuilder scorer(String place) {
        return Scorer.of("models:/delays@champion")
                .store(place)
                .endpoint(store.endpoint())
                .trust(bundles.key.trusted());
    }

    @Test
    void followsThePointerAndGoesOnWhileTheStoreIsAway() throws Exception {
        Path cache = folder.resolve("cache");
        publish("team", "1");
        try (Scorer scorer = scorer("s3://models/team/").cache(cache).open()) {
            assertThat(scorer.score(TestModels.mixedRows()).version()).isEqualTo("1");
            assertThat(scorer.refresh().isFine()).isTrue();
            publish("team", "2");
            assertThat(scorer.refresh().version()).isEqualTo("2");

            put("team/delays/champion.json", RequestBody.fromString("x".repeat(100_000)));
            assertThat(scorer.refresh().problem().orElseThrow())
                    .contains("is no pointer: it has more than 65536 bytes");
            client.deleteObject(request -> request.bucket("models").key("team/delays/champion.json"));
            assertThat(scorer.refresh().problem().orElseThrow())
                    .isEqualTo("s3://models/team/delays/champion.json is not there");
            assertThat(scorer.score(TestModels.mixedRows()).version()).isEqualTo("2");
        }
        try (Scorer scorer = Scorer.of("models:/delays@champion")
                .store("s3://models/team")
                .endpoint("http://127.0.0.1:1")
                .trust(bundles.key.trusted())
                .cache(cache)
                .open()) {
            assertThat(scorer.score(TestModels.mixedRows()).version()).isEqualTo("2");
            assertThat(scorer.state().problem().orElseThrow())
                    .contains("s3://models/team/delays/champion.json cannot be reached");
        }
    }

    /** An application without the SDK, to which everything else works. */
    @Test
    void withoutTheSdkItSaysWhatIsMissing() throws Exception {
        SigningKey.open(folder.resolve("key.pem"));
        var classes = new ArrayList<URL>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!entry.contains("awssdk")) {
                classes.add(Path.of(entry).toUri().toURL());
            }
        }
        try (var application = new URLClassLoader(classes.toArray(new URL[0]), ClassLoader.getPlatformClassLoader())) {
            Class<?> scorer = application.loadClass("org.millwright.scorer.Scorer");
            for (var place : List.of(
                    List.of("store", "s3://models/team", "an object store needs software.amazon.awssdk:s3"),
                    List.of("server", "http://127.0.0.1:1", "cannot be reached"))) {
                Object builder = scorer.getMethod("of", String.class).invoke(null, "models:/delays@champion");
                Class<?> type = builder.getClass();
                type.getMethod(place.get(0), String.class).invoke(builder, place.get(1));
                type.getMethod("trust", Path.class).invoke(builder, folder.resolve("key.pem.pub"));
                assertThatThrownBy(() -> type.getMethod("open").invoke(builder))
                        .cause()
                        .hasMessageContaining(place.get(2));
            }
        }
    }

    @Test
    void saysWhatIsWrongWithThePlace() {
        assertThatThrownBy(() -> scorer("s3://nobody/team").open()).hasMessageContaining("is not there");
        assertThatThrownBy(() -> scorer("s3://models/empty").open())
                .isInstanceOf(ScorerException.class)
                .hasMessage("models:/delays@champion cannot be loaded:"
                        + " s3://models/empty/delays/champion.json is not there");
        assertThatThrownBy(() -> scorer("s3:models").open()).hasMessageContaining("expected: s3://BUCKET/PREFIX");
        assertThatThrownBy(() -> scorer("s3://models").file(folder).open()).hasMessageContaining("several places");
    }
}
