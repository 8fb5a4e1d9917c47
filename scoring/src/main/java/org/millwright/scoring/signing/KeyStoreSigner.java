package org.millwright.scoring.signing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * A P-256 key in a key store of the JDK: a PKCS#12 file, or a token behind PKCS#11, which never gives its key away.
 *
 * <p>The key is used through its store's own provider, so one that cannot be exported signs as well.
 */
public final class KeyStoreSigner implements Signer {
    private static final String PKCS11 = "SunPKCS11";

    private final PrivateKey key;
    private final TrustedKey trusted;
    private final Optional<Provider> token;

    private KeyStoreSigner(PrivateKey key, TrustedKey trusted, Optional<Provider> token) {
        this.key = key;
        this.trusted = trusted;
        this.token = token;
        byte[] probe = {1};
        if (!trusted.verifies(probe, sign(probe))) {
            throw new IllegalArgumentException("the key's certificate does not belong to it");
        }
    }

    /** Opens a key of a PKCS#12 file; IllegalArgumentException says what is wrong with it. */
    public static KeyStoreSigner pkcs12(Path file, String alias, char[] password) {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password);
            return of(store, alias, password, Optional.empty());
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("cannot open the key store " + file + ": " + e.getMessage(), e);
        }
    }

    /** Opens a key of a token by a configuration file of the JDK's PKCS#11 provider. */
    public static KeyStoreSigner pkcs11(Path configuration, String alias, char[] pin) {
        Provider base = Security.getProvider(PKCS11);
        if (base == null) {
            throw new IllegalArgumentException("this JDK has no provider " + PKCS11);
        }
        try {
            Provider token = base.configure(configuration.toString());
            KeyStore store = KeyStore.getInstance("PKCS11", token);
            store.load(null, pin);
            return of(store, alias, pin, Optional.of(token));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new IllegalArgumentException("cannot open the token of " + configuration + ": " + e.getMessage(), e);
        }
    }

    private static KeyStoreSigner of(KeyStore store, String alias, char[] password, Optional<Provider> token)
            throws GeneralSecurityException {
        Certificate certificate = store.getCertificate(alias);
        if (!(store.getKey(alias, password) instanceof PrivateKey key) || certificate == null) {
            throw new IllegalArgumentException("the key store has no private key '" + alias + "' with a certificate");
        }
        return new KeyStoreSigner(key, new TrustedKey(certificate.getPublicKey()), token);
    }

    @Override
    public TrustedKey trusted() {
        return trusted;
    }

    @Override
    public byte[] sign(byte[] data) {
        return SigningKey.sign(key, data, token);
    }
}
