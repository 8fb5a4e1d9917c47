package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.anchor.AnchorSettings;
import org.millwright.app.ReadyModel;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.egress.Destinations;
import org.millwright.kernel.Json;
import org.millwright.scoring.Python;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.SigningKey;
import org.millwright.scoring.sigstore.Lie;
import org.millwright.scoring.sigstore.SigstoreDouble;

/** Checkpoints in a transparency log and signatures by an identity, as an operator and a stranger type it. */
class SigstoreTest {
    private static final String ANA = "ana@example.org";

    @TempDir
    Path folder;

    private final SigstoreDouble services = new SigstoreDouble(Instant.now());
    private Path model;

    @BeforeEach
    void make() throws IOException {
        services.trustConfig(folder.resolve("config.json"));
        services.trustedRoot(folder.resolve("trusted_root.json"));
        model = Files.createDirectory(folder.resolve("model"));
        Files.writeString(model.resolve("model.onnx"), "weights");
    }

    @AfterEach
    void close() {
        services.close();
    }

    @Test
    void aLedgerInATransparencyLogIsVerifiedHereThereAndFromAnExport() throws Exception {
        Path key = services.logKey(folder.resolve("log.pem"));
        var anchors = new AnchorSettings(
                        List.of("rekor:" + services.url()), Duration.ofDays(1), new Destinations(Set.of("*")))
                .with(Optional.of(key));
        ReadyModel.in(folder.resolve("server"), 1);
        try (var terminal = new Terminal(folder, settings -> settings.with(anchors))) {
            certified(terminal);
            var places = done(terminal.mw("ledger", "anchor", "-o", "json")).json();
            assertThat(places.path(0).path("fault").asText()).isEmpty();
            String uuid = places.path(0).path("entry").path("uuid").asText();
            assertThat(uuid).hasSize(80);
            assertThat(page(terminal.url() + "ledger")).contains("Kept outside", uuid, services.url());
            assertThat(done(terminal.mw("ledger", "verify", "--trust-root", "log.pem", "-o", "json"))
                            .json()
                            .path("outside")
                            .asInt())
                    .isPositive();
            done(terminal.mw("ledger", "export", "export"));
            Path foreign = folder.resolve("foreign.pem");
            Files.writeString(foreign, SigningKey.generate().trusted().pem());
            assertThat(terminal.mw("ledger", "verify", "--trust-root", "foreign.pem")
                            .err())
                    .contains("which is not among the 1 trusted logs");
        }
        Result unchecked = done(mw("ledger", "verify", "export"));
        assertThat(unchecked.err()).contains("entries of transparency logs were not checked");
        Result checked = done(mw("ledger", "verify", "export", "--trust-root", "trusted_root.json", "-o", "json"));
        assertThat(checked.json().path("logged").asInt()).isPositive();
        Path bundle = folder.resolve("export/logged/0.sigstore.json");
        Files.writeString(
                bundle, Files.readString(bundle).replaceFirst("\"integratedTime\":\"1", "\"integratedTime\":\"2"));
        Result altered = mw("ledger", "verify", "export", "--trust-root", "log.pem");
        assertThat(altered.exit()).isEqualTo(Exit.REFUSED);
        assertThat(altered.err()).contains("0.sigstore.json does not hold: the log's signed entry timestamp");
    }

    /** A release is certified by the server's key and by who asked for it, in one step. */
    private void certified(Terminal terminal) {
        done(terminal.mw("user", "token", "ana"));
        done(terminal.mw("user", "token", "mia"));
        String release = done(terminal.mw("release", "delays/1", "--as", "ana", "-o", "json"))
                .json()
                .path("ref")
                .asText();
        done(terminal.mw("approve", release, "--as", "mia"));
        assertThat(terminal.mw("certify", release, "--trust-root", "config.json")
                        .err())
                .contains("Name a folder by --out");
        var mine = Map.of(
                "MW_SERVER",
                terminal.url(),
                "MW_CONFIG",
                folder.resolve("config").toString(),
                "SIGSTORE_ID_TOKEN",
                services.token(ANA));
        done(Terminal.mw(
                mine, folder, "certify", release, "--as", "ana", "--out", "handed", "--trust-root", "config.json"));
        String name = "handed/" + release.replace(':', '-');
        assertThat(done(verify(name + ".keyless.sigstore.json", ANA, SigstoreDouble.ISSUER))
                        .out())
                .contains(release, ANA);
    }

    @Test
    void aModelSignedByAnIdentityIsVerifiedByUsAndByTheStockTool() throws IOException {
        Result signed = done(sign("model"));
        assertThat(signed.out()).contains(ANA, SigstoreDouble.ISSUER, "model.sig");
        assertThat(signed.err()).contains("Sent: your identity token", "shows them to everybody");
        assertThat(done(verify("model", ANA, SigstoreDouble.ISSUER)).out()).contains(ANA, "1 files, each as signed");
        Python tool = Python.with("model-signing-1.1.1", "model-signing==1.1.1", "pyopenssl==25.3.0");
        Python.Result stock = stock(tool, ANA);
        assertThat(stock.code()).as(stock.output()).isZero();
        assertThat(stock(tool, "bob@example.org").code()).isEqualTo(1);

        refused(verify("model", "bob@example.org", SigstoreDouble.ISSUER), "signed by " + ANA + ", expected bob@");
        refused(verify("model", ANA, "https://evil.example"), "vouched for by 'https://issuer.example'");
        assertThat(sign("model").err()).contains("model.sig is there already");
        Files.writeString(model.resolve("model.onnx"), "others");
        refused(verify("model", ANA, SigstoreDouble.ISSUER), "'model.onnx' was changed after signing");
        assertThat(stock(tool, ANA).code()).isEqualTo(1);
    }

    @Test
    void aCertificateIsSignedOnceMoreByWhomItIsKnownToBe() throws IOException {
        SigningKey server = SigningKey.generate();
        Files.writeString(folder.resolve("key.pub"), server.trusted().pem());
        var statement = Json.object().put("_type", "https://in-toto.io/Statement/v1");
        statement
                .putArray("subject")
                .addObject()
                .put("name", "dataset:d@all/1")
                .putObject("digest")
                .put("sha256", "ab");
        Files.write(folder.resolve("d.sigstore.json"), Json.bytes(Dsse.sign(Json.bytes(statement), server)));

        assertThat(sign("d.sigstore.json").err()).contains("--key is missing");
        done(sign("d.sigstore.json", "--key", "key.pub"));
        assertThat(done(verify("d.keyless.sigstore.json", ANA, SigstoreDouble.ISSUER))
                        .out())
                .contains("dataset:d@all/1", ANA);
        refused(mw("verify", "d.keyless.sigstore.json", "--key", "key.pub"), "signed by an identity, not with a key");
        refused(verify("d.sigstore.json", ANA, SigstoreDouble.ISSUER), "it was made with a key");
        ModelSigning.sign(model, server);
        done(sign("model", "--signature", "ana.sig"));
        done(mw(
                "verify",
                "model",
                "--signature",
                "ana.sig",
                "--trust-root",
                "config.json",
                "--identity",
                ANA,
                "--issuer",
                SigstoreDouble.ISSUER));
    }

    @Test
    void whatIsMissingOrFailsIsSaidOnceAndNothingIsWritten() {
        assertThat(mw("sign", "model", "--trust-root", "config.json").err()).contains("No identity token is here");
        assertThat(mw("sign", "model", "--trust-root", "trusted_root.json").err())
                .contains("--fulcio is missing");
        assertThat(sign("none").exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(mw("sign", "model", "--trust-root", "none.json").exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(sign("model", "--fulcio", "http://example.org").err()).contains("would be readable on its way");
        assertThat(mw("verify", "model").err()).contains("Say whose signature is believed");
        assertThat(mw("verify", "model", "--identity", ANA).err()).contains("--trust-root FILE is missing");
        assertThat(services.asked()).isEmpty();
        services.misbehave(Lie.UNAVAILABLE);
        assertThat(sign("model").err()).contains("Nothing was signed: 127.0.0.1 answered 503: being mended");
        assertThat(model.resolve("model.sig")).doesNotExist();
    }

    private Result sign(String path, String... more) {
        var arguments = new ArrayList<>(List.of("sign", path, "--trust-root", "config.json"));
        arguments.addAll(List.of(more));
        return Terminal.mw(Map.of("SIGSTORE_ID_TOKEN", services.token(ANA)), folder, arguments.toArray(String[]::new));
    }

    private Result verify(String path, String identity, String issuer) {
        return mw("verify", path, "--trust-root", "trusted_root.json", "--identity", identity, "--issuer", issuer);
    }

    private Python.Result stock(Python tool, String identity) {
        return tool.script(
                "model_signing",
                "verify",
                "sigstore",
                "--signature",
                model.resolve("model.sig").toString(),
                "--trust_config",
                folder.resolve("config.json").toString(),
                "--identity",
                identity,
                "--identity_provider",
                SigstoreDouble.ISSUER,
                model.toString());
    }

    private Result mw(String... arguments) {
        return Terminal.mw(Map.of(), folder, arguments);
    }

    private static void refused(Result result, String why) {
        assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(Exit.REFUSED);
        assertThat(result.err()).contains("Not verified: ").contains(why);
    }

    private static Result done(Result result) {
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        return result;
    }

    private static String page(String url) throws IOException, InterruptedException {
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                    .body();
        }
    }
}
