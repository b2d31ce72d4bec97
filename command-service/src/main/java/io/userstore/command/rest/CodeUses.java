package io.userstore.command.rest;

import io.userstore.api.error.ApiException;
import io.userstore.api.error.ErrorCode;
import io.userstore.command.code.Code;
import io.userstore.command.code.CodeGenerator;
import io.userstore.command.password.PasswordHashing;
import io.userstore.command.password.RawPassword;
import io.userstore.command.store.Codes;
import io.userstore.command.store.Commands;
import io.userstore.command.store.Commands.UserResult;
import io.userstore.command.store.EventContext;
import io.userstore.command.user.CodePurpose;
import io.userstore.command.user.UserCommand;
import io.userstore.command.user.UserCommand.ResetPassword;
import io.userstore.command.user.UserCommand.VerifyEmail;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Spends codes, for the API and for our own pages alike. Thread-safe. */
final class CodeUses {
    static final Set<CodePurpose> PROOFS = EnumSet.of(CodePurpose.VERIFICATION, CodePurpose.CONFIRMATION);
    static final Set<CodePurpose> RESETS = EnumSet.of(CodePurpose.PASSWORD_RESET);

    private final Commands commands;
    private final Codes codes;
    private final CodeGenerator generator;
    private final PasswordHashing passwords;

    CodeUses(Commands commands, Codes codes, CodeGenerator generator, PasswordHashing passwords) {
        this.commands = commands;
        this.codes = codes;
        this.generator = generator;
        this.passwords = passwords;
    }

    /** The code's entry, whether it can be used or not; empty when there is none for one of these purposes. */
    Optional<Codes.Entry> find(Code code, Set<CodePurpose> purposes) {
        return codes.find(code.hash()).filter(entry -> purposes.contains(entry.purpose()));
    }

    boolean isOpen(Codes.Entry entry) {
        return entry.isOpen(generator.now());
    }

    /** @throws ApiException {@link ErrorCode#CODE_EXPIRED} */
    void requireOpen(Codes.Entry entry) {
        if (!isOpen(entry)) {
            throw ApiException.of(ErrorCode.CODE_EXPIRED);
        }
    }

    /**
     * Proves the e-mail address.
     *
     * @throws ApiException {@link ErrorCode#CODE_EXPIRED} when somebody else has spent the code meanwhile
     */
    UserResult.Done verify(Codes.Entry entry, Code code, EventContext context) {
        return send(
                new VerifyEmail(
                        entry.userId().toString(), entry.application(), entry.purpose(), code.hash(), generator.now()),
                context);
    }

    /**
     * Sets the password. Call only with a code that is open, since hashing takes long.
     *
     * @throws ApiException as {@link #verify}
     */
    UserResult.Done reset(Codes.Entry entry, Code code, RawPassword password, EventContext context) {
        return send(
                new ResetPassword(
                        entry.userId().toString(),
                        entry.application(),
                        code.hash(),
                        passwords.hash(password),
                        generator.now()),
                context);
    }

    private UserResult.Done send(UserCommand command, EventContext context) {
        return switch (commands.send(command, context)) {
            case UserResult.Done done -> done;
            case UserResult.Refused refused -> throw Refusals.of(refused);
            case UserResult.Taken taken -> throw Refusals.of(taken);
        };
    }
}
