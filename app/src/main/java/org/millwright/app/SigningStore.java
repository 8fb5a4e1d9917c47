package org.millwright.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.KeyStoreSigner;
import org.millwright.scoring.signing.Signer;

/** The key store that signs bundles and certificates in place of a key in the data folder, where one is named. */
final class SigningStore {
    private static final String STORE = "MW_SIGNING_STORE";
    private static final String ALIAS = "MW_SIGNING_ALIAS";
    private static final String PASSWORD = "MW_SIGNING_PASSWORD";
    private static final String TOKEN = "pkcs11:";

    private SigningStore() {}

    static Optional<Signer> of(Map<String, String> environment) {
        String store = environment.getOrDefault(STORE, "");
        if (store.isBlank()) {
            return Optional.empty();
        }
        String alias = environment.getOrDefault(ALIAS, "");
        if (alias.isBlank()) {
            throw new Problem.Invalid(STORE + " is set, " + ALIAS + " is not", "Name the key's entry in the store.");
        }
        char[] password = environment.getOrDefault(PASSWORD, "").toCharArray();
        try {
            return Optional.of(
                    store.startsWith(TOKEN)
                            ? KeyStoreSigner.pkcs11(Path.of(store.substring(TOKEN.length())), alias, password)
                            : KeyStoreSigner.pkcs12(Path.of(store), alias, password));
        } catch (IllegalArgumentException e) {
            throw new Problem.Invalid(
                    STORE + ": " + e.getMessage(), "It must hold an EC key on P-256 with a certificate.");
        }
    }
}
