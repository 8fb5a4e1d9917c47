package org.millwright.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.millwright.app.cli.Terminal.Result;
import org.millwright.kernel.Json;
import org.millwright.scoring.Python;
import org.millwright.scoring.bundle.BundleArchive;
import org.millwright.scoring.signing.Dsse;
import org.millwright.scoring.signing.ModelSigning;
import org.millwright.scoring.signing.SigningKey;

/** What a stranger finds out with a bundle and a public key, without a server; and the stock tool beside us, both ways. */
class VerifyTest {
    @TempDir
    Path folder;

    private final SigningKey key = SigningKey.generate();
    private Path model;
    private Path pub;

    @BeforeEach
    void sign() throws IOException {
        model = Files.createDirectories(folder.resolve("model"));
        Files.writeString(model.resolve("model.onnx"), "weights");
        Files.createDirectories(model.resolve("evidence"));
        Files.writeString(model.resolve("evidence/gate.json"), "{}");
        pub = Files.writeString(folder.resolve("key.pub"), key.trusted().pem());
    }

    @Test
    void aSignedFolderItsArchiveAndItsStatementVerifyTogether() throws IOException {
        String root = ModelSigning.sign(model, key);
        try (OutputStream out = Files.newOutputStream(folder.resolve("bundle.zip"))) {
            BundleArchive.pack(model, out);
        }
        Path statement = statement("model:delays/1", root);

        assertThat(done(verify("model")).out()).contains("2 files, each as signed");
        Result both = done(verify("bundle.zip", statement.getFileName().toString()));
        assertThat(both.out()).contains("model:delays/1", "https://slsa.dev/provenance/v1", root);

        Path other = statement("model:delays/2", "0".repeat(64));
        assertRefused(verify("bundle.zip", other.getFileName().toString()), "is about files with digest");
        Path handed = Files.createDirectory(folder.resolve("handed"));
        Files.move(folder.resolve("bundle.zip"), handed.resolve("bundle.zip"));
        Files.move(statement, handed.resolve("one.sigstore.json"));
        Files.writeString(handed.resolve("README"), "trust me");
        assertThat(done(verify("handed")).out()).contains("model:delays/1", "README", "nothing vouches for it");
    }

    @Test
    void whatHidesOrAddsFilesIsRefused() throws IOException {
        ModelSigning.sign(model, key);
        Files.writeString(model.resolve("extra.bin"), "x");
        assertRefused(verify("model"), "'extra.bin' is in the folder but was not signed");
        Files.delete(model.resolve("extra.bin"));
        Files.createSymbolicLink(model.resolve("link"), model.resolve("model.onnx"));
        assertRefused(verify("model"), "is a symbolic link");
        Files.delete(model.resolve("link"));
        Files.writeString(model.resolve("model.onnx"), "others");
        assertRefused(verify("model"), "'model.onnx' was changed after signing");

        Path stranger = Files.writeString(
                folder.resolve("stranger.pub"), SigningKey.generate().trusted().pem());
        assertRefused(mw("verify", "model", "--key", stranger.toString()), "not among the 1 trusted keys");
        assertThat(mw("verify", "model", "--key", "nobody.pub").exit()).isEqualTo(Exit.NOT_FOUND);
        assertThat(mw("verify", "model", "--key", "model/model.onnx").exit()).isEqualTo(Exit.USAGE);
        assertThat(mw("verify", "nothing", "--key", pub.toString()).exit()).isEqualTo(Exit.NOT_FOUND);
        Files.writeString(folder.resolve("odd.json"), "[1");
        assertRefused(verify("odd.json"), "is no signed statement");
    }

    @Test
    void weVerifyWhatTheStockToolSignedUnlessItHidesFiles() throws IOException {
        Python tool = Python.with("model-signing-1.1.1", "model-signing==1.1.1", "pyopenssl==25.3.0");
        Path secret = Files.writeString(folder.resolve("key.pem"), key.privatePem());
        Path signature = folder.resolve("theirs.sig");
        Python.Result signed = stock(tool, "sign", secret, signature);
        assertThat(signed.code()).as(signed.output()).isZero();
        assertThat(done(mw("verify", "model", "--signature", "theirs.sig", "--key", "key.pub"))
                        .out())
                .contains("2 files, each as signed");

        Python.Result hiding = stock(
                tool,
                "sign",
                secret,
                signature,
                "--ignore-paths",
                model.resolve("evidence").toString());
        assertThat(hiding.code()).as(hiding.output()).isZero();
        assertRefused(
                mw("verify", "model", "--signature", "theirs.sig", "--key", "key.pub"),
                "the signature leaves out 'evidence'");
        assertThat(stock(tool, "verify", pub, signature).code()).isZero();
    }

    private Python.Result stock(Python tool, String verb, Path keyFile, Path signature, String... more) {
        var arguments = new ArrayList<>(List.of(
                verb,
                "key",
                verb.equals("sign") ? "--private_key" : "--public_key",
                keyFile.toString(),
                "--signature",
                signature.toString()));
        arguments.addAll(List.of(more));
        arguments.add(model.toString());
        return tool.script("model_signing", arguments.toArray(String[]::new));
    }

    private Path statement(String subject, String sha256) throws IOException {
        ObjectNode statement = Json.object().put("_type", "https://in-toto.io/Statement/v1");
        statement
                .putArray("subject")
                .addObject()
                .put("name", subject)
                .putObject("digest")
                .put("sha256", sha256);
        statement.put("predicateType", "https://slsa.dev/provenance/v1").putObject("predicate");
        Path file = folder.resolve(subject.replaceAll("[^a-z0-9]", "-") + ".sigstore.json");
        return Files.write(file, Json.bytes(Dsse.sign(Json.bytes(statement), key)));
    }

    private Result verify(String... paths) {
        var arguments = new ArrayList<>(List.of("verify"));
        arguments.addAll(List.of(paths));
        arguments.addAll(List.of("--key", pub.toString()));
        return mw(arguments.toArray(String[]::new));
    }

    private Result mw(String... arguments) {
        return Terminal.mw(Map.of(), folder, arguments);
    }

    private static void assertRefused(Result result, String why) {
        assertThat(result.exit()).as(result.out() + result.err()).isEqualTo(Exit.REFUSED);
        assertThat(result.err()).contains("Not verified: ").contains(why);
    }

    private static Result done(Result result) {
        assertThat(result.exit()).as(result.out() + result.err()).isZero();
        return result;
    }
}
