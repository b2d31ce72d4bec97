@echo off
rem Runs Maven for this project with a JDK that is new enough, wherever it lies, and gets Maven itself when the machine
rem has none of 3.8 or newer. Takes the arguments of mvn. What mvnw is for other systems; keep the two alike.
rem
rem   JAVA_HOME         the JDK to use, when it qualifies
rem   MAVEN_USER_HOME   where a downloaded Maven is kept, in userstore-maven\ (default %USERPROFILE%\.m2)
rem   MAVEN_DIST_URL    a mirror to get Maven from, for closed networks; the checksum is the one below all the same
rem   MVNW_VERBOSE      when set, tells what was chosen
rem
rem It needs what Windows 10 (1803) and newer bring along: curl, tar, certutil.

setlocal EnableExtensions DisableDelayedExpansion

set "MAVEN_VERSION=3.9.16"
set "MAVEN_SHA512=831a8591fe20c8243b1dbe7d71e3244f31d1665b0804b2e825e38cbbe5ce0cafb8338851f90780735568773e0a6cd07bbec107cda0b896b008b861075358b6f6"
set "JDK_MINIMUM=21"

set "ROOT=%~dp0"
set "FOUND_JDK="
set "FOUND_RANK=0"
set "FOUND_MVN="

rem --- The JDK: JAVA_HOME, then the javac on PATH, then the newest of the usual install folders.
if defined JAVA_HOME call :consider_jdk "%JAVA_HOME%"
if not defined FOUND_JDK for /f "delims=" %%j in ('where javac.exe 2^>nul') do if not defined FOUND_JDK call :consider_jdk "%%~dpj.."
if defined FOUND_JDK goto jdk_found
for /d %%j in (
  "%ProgramFiles%\Eclipse Adoptium\*"
  "%ProgramFiles%\Java\*"
  "%ProgramFiles%\Microsoft\jdk*"
  "%ProgramFiles%\Amazon Corretto\*"
  "%ProgramFiles%\Zulu\*"
  "%ProgramFiles%\BellSoft\*"
  "%ProgramFiles%\OpenJDK\*"
  "%USERPROFILE%\.jdks\*"
  "%USERPROFILE%\scoop\apps\*jdk*"
) do (
  call :consider_jdk "%%~j"
  call :consider_jdk "%%~j\current"
)
if defined FOUND_JDK goto jdk_found
>&2 echo mvnw: userstore needs a JDK of %JDK_MINIMUM% or newer and found none: install one (for instance Eclipse Temurin, https://adoptium.net) or set JAVA_HOME to its folder.
exit /b 1

:jdk_found
set "JAVA_HOME=%FOUND_JDK%"
if defined MVNW_VERBOSE >&2 echo mvnw: JDK %JAVA_HOME%
rem Since 24 the JDK warns of what Maven's own libraries do; others do not know the first flag (see mvnw).
if %FOUND_RANK% geq 24000000 if %FOUND_RANK% lss 27000000 set "MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED %MAVEN_OPTS%"

rem --- Maven: the first on PATH that is 3.8 or newer, else the pinned one.
for /f "delims=" %%m in ('where mvn.cmd 2^>nul') do if not defined FOUND_MVN call :consider_maven "%%m"
if defined FOUND_MVN goto maven_found
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"
set "MAVEN_STORE=%MAVEN_USER_HOME%\userstore-maven"
set "FOUND_MVN=%MAVEN_STORE%\apache-maven-%MAVEN_VERSION%\bin\mvn.cmd"
if exist "%FOUND_MVN%" goto maven_found
call :install_maven || exit /b 1

:maven_found
if defined MVNW_VERBOSE >&2 echo mvnw: Maven %FOUND_MVN%

rem --- A caller inside a module means that module; from a folder without a pom it can only be the project.
if exist pom.xml goto run
for %%a in (%*) do (
  if /i "%%~a"=="-f" goto run
  if /i "%%~a"=="--file" goto run
)
cd /d "%ROOT%"

:run
rem Without call, which would double every caret in the arguments: control does not come back, the answer is Maven's.
"%FOUND_MVN%" %*


rem --- consider_jdk HOME: takes it when it is a JDK, new enough, and newer than the one found before.
:consider_jdk
if not exist "%~1\bin\java.exe" exit /b 0
if not exist "%~1\bin\javac.exe" exit /b 0
set "CANDIDATE="
if exist "%~1\release" for /f "tokens=2 delims==" %%v in ('findstr /b /c:"JAVA_VERSION=" "%~1\release"') do set "CANDIDATE=%%~v"
if not defined CANDIDATE for /f "tokens=3" %%v in ('call "%~1\bin\java.exe" -version 2^>^&1 ^| findstr /c:" version "') do set "CANDIDATE=%%~v"
if not defined CANDIDATE exit /b 0
set "MAJOR=0"
set "MINOR=0"
set "PATCH=0"
for /f "tokens=1-3 delims=.-+_" %%a in ("%CANDIDATE%") do (
  set "MAJOR=%%a"
  set "MINOR=%%b"
  set "PATCH=%%c"
)
rem 25-ea leaves a word where a number is meant; set /a takes an unknown word for 0.
set /a "RANK=MAJOR*1000000+MINOR*1000+PATCH" 2>nul || exit /b 0
set /a "LEAST=JDK_MINIMUM*1000000"
if %RANK% lss %LEAST% exit /b 0
if %RANK% leq %FOUND_RANK% exit /b 0
set "FOUND_RANK=%RANK%"
for %%h in ("%~1") do set "FOUND_JDK=%%~fh"
exit /b 0


rem --- consider_maven MVN_CMD: takes it when its core library's name says 3.8 or newer. A shim is passed over.
:consider_maven
for %%c in ("%~dp1..\lib\maven-core-*.jar") do for /f "tokens=3,4 delims=-." %%a in ("%%~nc") do (
  if %%a gtr 3 set "FOUND_MVN=%~1"
  if %%a equ 3 if %%b geq 8 set "FOUND_MVN=%~1"
)
exit /b 0


rem --- install_maven: downloads, checks and unpacks beside the place, then renames, so that no half a Maven is left.
:install_maven
set "STAGING=%MAVEN_STORE%\.staging-%RANDOM%%RANDOM%"
set "ARCHIVE=apache-maven-%MAVEN_VERSION%-bin.tar.gz"
mkdir "%STAGING%" || exit /b 1
>&2 echo Getting Apache Maven %MAVEN_VERSION%...
set "FETCHED="
if defined MAVEN_DIST_URL (
  call :fetch "%MAVEN_DIST_URL%"
) else (
  call :fetch https://dlcdn.apache.org/maven
  if not defined FETCHED call :fetch https://archive.apache.org/dist/maven
)
if not defined FETCHED (
  >&2 echo mvnw: Apache Maven %MAVEN_VERSION% could not be downloaded: install Maven 3.8 or newer, or set MAVEN_DIST_URL to a mirror.
  goto install_failed
)
set "ACTUAL="
for /f "delims=" %%s in ('certutil -hashfile "%STAGING%\%ARCHIVE%" SHA512 ^| findstr /r /c:"^[0-9a-f ]*$"') do if not defined ACTUAL set "ACTUAL=%%s"
if defined ACTUAL set "ACTUAL=%ACTUAL: =%"
if /i not "%ACTUAL%"=="%MAVEN_SHA512%" (
  >&2 echo mvnw: Refused %FETCHED%: its SHA-512 is '%ACTUAL%', not the pinned one.
  goto install_failed
)
"%SystemRoot%\System32\tar.exe" -xzf "%STAGING%\%ARCHIVE%" -C "%STAGING%" || goto install_failed
if not exist "%FOUND_MVN%" move /y "%STAGING%\apache-maven-%MAVEN_VERSION%" "%MAVEN_STORE%\apache-maven-%MAVEN_VERSION%" >nul || goto install_failed
rmdir /s /q "%STAGING%"
exit /b 0

:install_failed
rmdir /s /q "%STAGING%"
exit /b 1


rem --- fetch BASE: sets FETCHED to the address when the download from there has worked.
:fetch
set "URL=%~1/maven-3/%MAVEN_VERSION%/binaries/%ARCHIVE%"
if defined MVNW_VERBOSE >&2 echo mvnw: trying %URL%
"%SystemRoot%\System32\curl.exe" -fsSL --retry 3 --connect-timeout 15 --max-time 600 -o "%STAGING%\%ARCHIVE%" "%URL%" && set "FETCHED=%URL%"
exit /b 0
