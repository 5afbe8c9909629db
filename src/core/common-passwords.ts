/** The most used passwords of eight characters and more, in lower case: what guessing begins with. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `00000000 000000000 0123456789 01234567 0987654321 10203040 11111111 111111111 1111111111 11223344 12121212 12301230
12312312 123123123 123123123a 1234512345 12345678 12345678a 12345678910 123456789 123456789a 1234567890 1234567891
1234qwer 123qweasd 123qweasdzxc 12341234 135792468 147258369 159753456 1a2b3c4d 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1qaz2wsx
1qazxsw2 1qaz2wsx3edc 20202020 22222222 33333333 44444444 55555555 66666666 77777777 87654321 88888888 888888888 987654321
9876543210 99999999 999999999 a1234567 a12345678 a123456789 aa123456 aa12345678 aaaaaaaa abc12345 abcd1234 abcdefgh
abcdefg1 access14 administrator admin123 admin1234 asdasdasd asdf1234 asdfasdf asdfghjk asdfghjkl asdfghjkl1 baseball
baseball1 basketball blink182 butterfly butterfly1 changeme changeme1 changeme123 charlie1 chocolate chocolate1 computer
computer1 corvette danielle dragon123 einstein elizabeth facebook football football1 forever1 fuckyou1 gfhjkmgfhjkm
hello123 iloveyou iloveyou1 iloveyou2 jennifer jessica1 jonathan jordan23 justin123 kawasaki letmein1 letmein123 liverpool
liverpool1 login123 lovelove maverick mercedes michael1 michelle midnight monkey123 mustang1 nicholas ninja123 p@ssw0rd
pa55word pakistan passw0rd password password! password01 password1 password1! password12 password123 password1234
password2 password3 pokemon1 princess princess1 q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedc qazwsx123 qwer1234 qwert123
qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyui qwertyuiop qweasdzxc qweqweqwe rootroot samantha samsung1 scorpion
secret123 shadow123 slipknot snoopy123 starwars starwars1 steelers summer2023 summer2024 summer2025 sunshine sunshine1
superman superman1 swordfish test1234 test12345 testtest testing123 toyota123 trustno1 undertaker user1234 victoria
welcome01 welcome1 welcome123 welcome2024 welcome2025 whatever whatever1 william1 winter2024 winter2025 xxxxxxxx zaq12wsx
zaq1zaq1 zxcvbnm1 zxcvbnm123 zxcvbnmasd`.split(/\s+/),
);
